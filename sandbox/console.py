"""What a person sees: one line a step with its time, and for a failed step what failed and what to do."""

import sys
import time
from contextlib import contextmanager
from pathlib import Path

LOG_LINES_SHOWN = 15


class SetupError(Exception):
	"""A step that failed, with the log that tells why and what the user can do about it."""

	def __init__(self, message: str, log: Path | None = None, advice: str = ""):
		super().__init__(message)
		self.log = log
		self.advice = advice


def printable(text: str) -> str:
	"""A text on one line whose control, direction and escape characters are shown, not obeyed."""
	return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def say(text: str = "") -> None:
	print(text, flush=True)


@contextmanager
def step(title: str):
	"""Prints the title when the work starts and how long it took when it is done."""
	print(f"  {title} … ", end="", flush=True, file=sys.stderr)
	started = time.monotonic()
	try:
		yield
	except BaseException:
		print("failed", file=sys.stderr, flush=True)
		raise
	print(f"{time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def explain(error: SetupError) -> None:
	"""The failure, the last lines of its log, and the advice, on standard error."""
	print(f"\nsandbox: {error}", file=sys.stderr)
	if error.log and error.log.exists():
		lines = error.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
		print(f"\nThe last lines of {error.log}:", file=sys.stderr)
		print("\n".join(f"    {line}" for line in lines), file=sys.stderr)
	if error.advice:
		print(f"\n{error.advice}", file=sys.stderr)
