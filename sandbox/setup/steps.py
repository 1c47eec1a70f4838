"""A step is done once for given inputs; `.sandbox/done/` remembers which."""

import subprocess
from collections.abc import Callable

from sandbox import layout
from sandbox.console import SetupError, step

FOLDER = layout.HOME / "done"


def once(title: str, action: Callable[[], None], *, key: str, inputs: str) -> None:
	if is_done(key, inputs):
		return
	forget(key)
	with step(title):
		action()
	mark(key, inputs)


def is_done(key: str, inputs: str) -> bool:
	marker = FOLDER / key
	return marker.exists() and marker.read_text() == inputs


def mark(key: str, inputs: str) -> None:
	FOLDER.mkdir(parents=True, exist_ok=True)
	(FOLDER / key).write_text(inputs)


def forget(key: str) -> None:
	(FOLDER / key).unlink(missing_ok=True)


def run(command: list, *, log: str, failure: str, advice: str = "", **options) -> None:
	"""Runs a command with its output in `.sandbox/logs/{log}.log`.

	:raises SetupError: with that log, when the command fails.
	"""
	path = layout.LOGS / f"{log}.log"
	with path.open("wb") as output:
		done = subprocess.run(
			[str(part) for part in command],
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
			**options,
		)
	if done.returncode:
		raise SetupError(
			failure, path, advice or "Mend that and run the same command again: it resumes here."
		)
