"""Runs tests in several pytest processes at once, each with its share of the files: those of
`python3 -m sandbox test --parallel` one for each of `layout.TEST_SITES`, the unit tests in UNIT_SHARES.

The tests on sites wait for web server, workers, database and clocks most of the time, so there are more
shares than cores. Files are shared out by the time that they took when `tests/durations.json` was written
(`python -m tools.test_durations`); others count as DEFAULT_SECONDS. pytest-xdist would send every report of
7,000 short unit tests from process to process, which costs more than half as much as the tests.
"""

import json
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox import layout
from sandbox.console import SetupError, say

DURATIONS = layout.ROOT / "tests" / "durations.json"
DEFAULT_SECONDS = 5.0
TELL_EVERY_SECONDS = 60
NO_TESTS = 5
UNIT_SHARES = ("unit tests 1", "unit tests 2")


@dataclass(frozen=True)
class Runner:
	"""What runs one share.

	:param name: of its log, and of the share in what is printed.
	:param command: pytest's, to which options and files are added.
	"""

	name: str
	command: Sequence[str]
	environment: dict[str, str]


def on_test_sites() -> list[Runner]:
	command = [str(layout.PYTHON), "-m", "pytest"]
	return [Runner(site, command, layout.python_environment(site)) for site in layout.TEST_SITES]


def of_unit_tests(command: Sequence[str], environment: dict[str, str]) -> list[Runner]:
	"""Processes without a site. Each has its own file for what pytest-cov measures (`unit_coverage`)."""
	return [
		Runner(name, command, {**environment, "COVERAGE_FILE": str(file)})
		for name, file in zip(UNIT_SHARES, unit_coverage(), strict=True)
	]


def unit_coverage() -> list[Path]:
	"""The files in which the shares of the unit tests leave what they measured, if they did."""
	return [layout.LOGS / f"coverage {name}" for name in UNIT_SHARES]


def run(arguments: list[str], runners: Sequence[Runner]) -> int:
	"""Runs the tests and prints the output of each share when all have ended.

	:param arguments: for pytest: paths of folders and files, and options in one word each (`--ignore=PATH`).
	:returns: the first exit code of pytest that is not 0; 0 if all tests passed.
	:raises SetupError: an argument cannot be shared out.
	"""
	options = [argument for argument in arguments if argument.startswith("-")]
	paths = [argument for argument in arguments if not argument.startswith("-")] or ["tests"]
	shares = share_out(_files(paths, options), _durations(), len(runners))
	began = time.monotonic()
	shared = zip(runners, shares, strict=True)
	running = [_Share(runner, [*options, *files]) for runner, files in shared if files]
	_wait(running, began)
	for share in running:
		say(f"\n== {share.name}: {time_taken(began, share.ended)}")
		say(log_of(share.name).read_text(errors="replace").rstrip())
	codes = [share.returncode for share in running]
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


def log_of(name: str) -> Path:
	"""The file with pytest's output of a share."""
	return layout.LOGS / f"tests {name}.log"


def times_of(name: str) -> Path:
	"""The file with the time of each test of a share, as JUnit's XML."""
	return layout.LOGS / f"tests {name}.xml"


def time_taken(began: float, ended: float) -> str:
	seconds = ended - began
	return f"{seconds:.0f} seconds" if seconds < 60 else f"{seconds / 60:.1f} minutes"


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

	def __init__(self, runner: Runner, arguments: list[str]) -> None:
		self.name = runner.name
		with log_of(runner.name).open("wb") as output:
			super().__init__(
				[*runner.command, f"--junitxml={times_of(runner.name)}", *arguments],
				cwd=layout.ROOT,
				env=runner.environment,
				stdout=output,
				stderr=subprocess.STDOUT,
			)


def _wait(running: list[_Share], began: float) -> None:
	"""Waits until all have ended; says from time to time how far they are. Ctrl-C reaches them, too."""
	told = began
	try:
		while any(not share.ended for share in running):
			for share in running:
				if not share.ended and share.poll() is not None:
					share.ended = time.monotonic()
			if time.monotonic() - told > TELL_EVERY_SECONDS:
				told = time.monotonic()
				say("; ".join(f"{share.name} {_progress(share)}" for share in running))
			time.sleep(0.2)
	except BaseException:
		for share in running:
			share.terminate()
			share.wait()
		raise


def _progress(share: _Share) -> str:
	if share.ended:
		return f"has ended with {share.returncode}"
	_before, is_told, rest = log_of(share.name).read_text(errors="replace").rpartition("[")
	return rest.partition("]")[0].strip() if is_told and "%]" in rest else "begins"
