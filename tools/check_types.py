"""mypy over everything, compared with a baseline of known errors that only shrinks.

    python -m tools.check_types             fails when an error is new, and when a known one is gone
    python -m tools.check_types --update    takes those that are gone out of the baseline; it adds none

The baseline holds mypy's messages without line numbers, one a line, as often as each occurs. It has exactly
KNOWN lines: whoever adds one must raise that number, too, which a review sees.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / ".ci" / "mypy-baseline.txt"
# How many errors the baseline holds. Lower it with the baseline; never raise it.
KNOWN = 23
# The baseline may hold no error of these packages.
CLEAN = tuple(
	f"medgrid/{package}/"
	for package in ("core", "clients", "http_client", "orders", "sync", "outbox", "issues", "webhooks")
)
_ERROR = re.compile(r"(?P<path>[^:]+):(?P<line>\d+): error: (?P<message>.*)")


@dataclass(frozen=True)
class Comparison:
	"""What mypy found against what the baseline holds.

	:param new: each error that the baseline does not hold, with mypy's line number.
	:param gone: the baseline's lines that mypy does not find any more.
	:param forbidden: the baseline's lines about packages that must have none.
	:param surplus: how many lines the baseline has more than it may; below 0: so many fewer.
	"""

	new: list[str]
	gone: list[str]
	forbidden: list[str]
	surplus: int

	@property
	def is_clean(self) -> bool:
		return not (self.new or self.gone or self.forbidden or self.surplus)


def compare(output: Iterable[str], baseline: Iterable[str], size: int) -> Comparison:
	"""
	:param output: what mypy printed, by line.
	:param baseline: the known errors, by line.
	:param size: how many of them there are to be.
	"""
	known, new = Counter(baseline), []
	surplus = known.total() - size
	forbidden = [error for error in known if error.startswith(CLEAN)]
	for line in output:
		if match := _ERROR.fullmatch(line.strip()):
			error = f"{match['path']}: {match['message']}"
			if known[error]:
				known[error] -= 1
			else:
				new.append(line.strip())
	return Comparison(new, sorted(known.elements()), sorted(forbidden), surplus)


def shrunk(baseline: Iterable[str], gone: Iterable[str]) -> list[str]:
	"""The baseline without what is gone, sorted."""
	return sorted((Counter(baseline) - Counter(gone)).elements())


def main(arguments: list[str]) -> int:
	output, baseline = _mypy(), _lines(BASELINE)
	found = compare(output, baseline, KNOWN)
	if "--update" in arguments:
		kept = shrunk(baseline, found.gone)
		BASELINE.write_text("".join(f"{line}\n" for line in kept))
		print(f"{len(found.gone)} errors taken out of {BASELINE.relative_to(ROOT)}, {len(kept)} left")
		found = compare(output, kept, KNOWN)
	_print("new", found.new, "Mend them: the baseline only shrinks.")
	_print("gone", found.gone, "Well done. Run: python -m tools.check_types --update")
	_print("forbidden", found.forbidden, "These packages must have no error at all; see CLEAN.")
	if found.surplus > 0:
		print(f"The baseline has {found.surplus} lines too many: mend the errors that were added to it.")
	elif found.surplus:
		print(f"The baseline has shrunk: set KNOWN to {KNOWN + found.surplus} in tools/check_types.py.")
	if found.is_clean:
		print(f"mypy: nothing new, {len(_lines(BASELINE))} known errors left")
	return 0 if found.is_clean else 1


def _mypy() -> list[str]:
	"""
	:raises SystemExit: mypy itself failed.
	"""
	command = [sys.executable, "-m", "mypy", "--no-color-output", "--no-error-summary"]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
	if done.returncode not in (0, 1):
		raise SystemExit(f"mypy failed:\n{done.stdout}{done.stderr}")
	return done.stdout.splitlines()


def _lines(path: Path) -> list[str]:
	return path.read_text().splitlines() if path.exists() else []


def _print(title: str, errors: list[str], advice: str) -> None:
	if errors:
		print(f"{title}:", *(f"  {error}" for error in errors), f"  → {advice}", sep="\n")


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
