"""Runs the tests of `python3 -m sandbox test --parallel`: several pytest processes at once, one for each of
`layout.TEST_SITES`, with its share of the files.

The tests wait for web server, workers, database and clocks most of the time, so there are more shares than
cores. Files are shared out by the time that they took when `tests/durations.json` was written
(`python -m tools.test_durations`); others count as DEFAULT_SECONDS.
"""

import json
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from sandbox import layout
from sandbox.console import SetupError, say

DURATIONS = layout.ROOT / "tests" / "durations.json"
DEFAULT_SECONDS = 5.0
TELL_EVERY_SECONDS = 60
NO_TESTS = 5


def run(arguments: list[str]) -> int:
	"""Runs the tests and prints the output of each share when both have ended.

	:param arguments: for pytest: paths of folders and files, and options in one word each (`--ignore=PATH`).
	:returns: the first exit code of pytest that is not 0; 0 if all tests passed.
	:raises SetupError: an argument cannot be shared out.
	"""
	options = [argument for argument in arguments if argument.startswith("-")]
	paths = [argument for argument in arguments if not argument.startswith("-")] or ["tests"]
	shares = share_out(_files(paths, options), _durations(), len(layout.TEST_SITES))
	began = time.monotonic()
	shared = zip(layout.TEST_SITES, shares, strict=True)
	running = [(site, _start(site, [*options, *files])) for site, files in shared if files]
	_wait(running, began)
	for site, process in running:
		say(f"\n== Tests on {site}: {minutes(began, process.ended)}")
		say(log_of(site).read_text(errors="replace").rstrip())
	codes = [process.returncode for _site, process in running]
	if codes and all(code == NO_TESTS for code in codes):
		return NO_TESTS
	return next((code for code in codes if code not in (0, NO_TESTS)), 0)


def share_out(files: Iterable[str], durations: dict[str, float], shares: int) -> list[list[str]]:
	"""Shares files out so that each share takes about as long: the longest first, each to the share that has
	least. Within a share, files stay in their order.

	:param durations: seconds by file.
	:returns: a list of files for each share.
	"""
	order = list(files)
	loads = [0.0] * shares
	found: list[list[str]] = [[] for _share in range(shares)]
	seconds = {file: durations.get(file, DEFAULT_SECONDS) for file in order}
	for file in sorted(order, key=lambda file: -seconds[file]):
		least = loads.index(min(loads))
		loads[least] += seconds[file]
		found[least].append(file)
	return [sorted(share, key=order.index) for share in found]


def log_of(site: str) -> Path:
	"""The file with pytest's output on a site."""
	return layout.LOGS / f"tests {site}.log"


def times_of(site: str) -> Path:
	"""The file with the time of each test on a site, as JUnit's XML."""
	return layout.LOGS / f"tests {site}.xml"


def minutes(began: float, ended: float) -> str:
	return f"{(ended - began) / 60:.1f} minutes"


def _files(paths: list[str], options: list[str]) -> list[str]:
	ignored = [layout.ROOT / option.partition("=")[2] for option in options if option.startswith("--ignore=")]
	found: list[Path] = []
	for path in paths:
		whole = layout.ROOT / path
		if not whole.exists():
			raise SetupError(f"{path} is no file or folder of tests; single tests run without --parallel")
		found += sorted(whole.rglob("test_*.py")) if whole.is_dir() else [whole]
	kept = [file for file in found if not any(file.is_relative_to(folder) for folder in ignored)]
	return [str(file.relative_to(layout.ROOT)) for file in dict.fromkeys(kept)]


def _durations() -> dict[str, float]:
	return json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}


class _Share(subprocess.Popen):
	"""A pytest process; `ended` is the value of `time.monotonic()` when it was seen to have ended."""

	ended = 0.0


def _start(site: str, arguments: list[str]) -> _Share:
	command = [str(layout.PYTHON), "-m", "pytest", f"--junitxml={times_of(site)}", *arguments]
	with log_of(site).open("wb") as output:
		return _Share(
			command,
			cwd=layout.ROOT,
			env=layout.python_environment(site),
			stdout=output,
			stderr=subprocess.STDOUT,
		)


def _wait(running: list[tuple[str, _Share]], began: float) -> None:
	"""Waits until all have ended; says from time to time how far they are. Ctrl-C reaches them, too."""
	told = began
	try:
		while any(not process.ended for _site, process in running):
			for _site, process in running:
				if not process.ended and process.poll() is not None:
					process.ended = time.monotonic()
			if time.monotonic() - told > TELL_EVERY_SECONDS:
				told = time.monotonic()
				say("; ".join(f"{site} {_progress(site, process)}" for site, process in running))
			time.sleep(0.2)
	except BaseException:
		for _site, process in running:
			process.terminate()
			process.wait()
		raise


def _progress(site: str, process: _Share) -> str:
	if process.ended:
		return f"has ended with {process.returncode}"
	_before, is_told, rest = log_of(site).read_text(errors="replace").rpartition("[")
	return rest.partition("]")[0].strip() if is_told and "%]" in rest else "begins"
