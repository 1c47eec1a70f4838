"""`python -m tools.test_durations`: writes `tests/durations.json`, by which
`python3 -m sandbox test --parallel` and `python3 -m sandbox unit` share the test files out, from the times of
their last runs. What these did not run keeps its time."""

import json
import xml.etree.ElementTree as xml
from collections import defaultdict
from pathlib import Path

from sandbox import layout
from sandbox.shared_tests import DURATIONS, UNIT_SHARES, times_of


def main() -> None:
	seconds: dict[str, float] = defaultdict(float)
	for name in (*layout.TEST_SITES, *UNIT_SHARES):
		if times_of(name).exists():
			for case in xml.parse(times_of(name)).iter("testcase"):
				seconds[file_of(case.get("classname", ""))] += float(case.get("time", 0))
	times = json.loads(DURATIONS.read_text()) | {file: round(time, 1) for file, time in seconds.items()}
	known = {file: time for file, time in times.items() if (layout.ROOT / file).exists()}
	DURATIONS.write_text(json.dumps(known, indent="\t", sort_keys=True) + "\n")


def file_of(classname: str) -> str:
	"""The file of a test case: `tests.a.test_b` is `tests/a/test_b.py`."""
	return str(Path(*classname.split("."))) + ".py"


if __name__ == "__main__":
	main()
