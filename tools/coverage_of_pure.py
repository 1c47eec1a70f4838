"""How much of the pure modules the unit tests run: fails below a floor, and lists what they do not run.

    python3 -m sandbox unit -q --cov=medgrid --cov-branch --cov-report=
    python -m tools.coverage_of_pure

A module is pure if its docstring says "Pure": what is decided is decided there, so that it can be tested in
seconds. What needs a site is tested on one, by tests that mostly call its web server.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import coverage

from sandbox.shared_tests import unit_coverage

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "medgrid"
# Percent of statements and branches.
FLOOR = 98
# These are about a Redis server, and are tested on one.
ON_REDIS = {"medgrid/clients/shopify/oauth/states.py", "medgrid/core/waiting/locks.py"}


def pure_files() -> Iterator[str]:
	"""The paths of the pure modules that need no server, from the repository's root."""
	for file in sorted(APP.rglob("*.py")):
		docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
		path = file.relative_to(ROOT).as_posix()
		if re.search(r"\bPure\b", docstring) and path not in ON_REDIS:
			yield path


def main() -> int:
	"""Prints the modules that are not covered whole. 0 if the floor holds, else 1."""
	measured = coverage.Coverage(data_file=None)
	measured.combine([str(file) for file in unit_coverage()], keep=True)
	percent = measured.report(morfs=list(pure_files()), show_missing=True, skip_covered=True, precision=1)
	if percent < FLOOR:
		print(f"{percent:.1f} % of the pure modules are run by the unit tests; the floor is {FLOOR} %.")
	return int(percent < FLOOR)


if __name__ == "__main__":
	sys.exit(main())
