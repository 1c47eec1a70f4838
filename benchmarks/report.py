"""The figures as a table on standard output and as JSON in `benchmarks/results/`."""

import json
import os
import platform
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.measure import Comparison, Figure

FOLDER = Path(__file__).with_name("results")
# All of one kind.
Rows = list[Comparison] | list[Figure]


def publish(name: str, rows: Rows) -> bool:
	"""Prints and writes the figures; returns whether every ratio is within its limit."""
	print(f"\n{name}\n")
	timed = isinstance(rows[0], Comparison)
	print(_line("milliseconds", *TIMED_HEADING) if timed else _line("", *COUNTED_HEADING))
	for row in rows:
		cells = _timed_cells(row) if isinstance(row, Comparison) else _counted_cells(row)
		verdict = "ok" if row.holds else "TOO MUCH"
		print(_line(row.title, *cells, f"{row.ratio:.2f}", f"{row.limit:.2f}", verdict))
	_write(name, rows)
	return all(row.holds for row in rows)


TIMED_HEADING = ("MedGrid", "p99", "reference", "p99", "ratio", "limit", "")
COUNTED_HEADING = ("MedGrid", "least", "ratio", "limit", "")


def _timed_cells(row: Comparison) -> list[str]:
	timings = (row.subject.median, row.subject.p99, row.reference.median, row.reference.p99)
	return [f"{seconds * 1000:.2f}" for seconds in timings]


def _counted_cells(row: Figure) -> list[str]:
	return [f"{number:g} {row.unit}".strip() for number in (round(row.value, 1), round(row.least, 1))]


def _line(title: str, *cells: str) -> str:
	return f"{title:<62}" + "".join(f"{cell:>11}" for cell in cells)


def _write(name: str, rows: Rows) -> None:
	FOLDER.mkdir(exist_ok=True)
	figures = {
		"measured": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC"),
		"machine": machine(),
		"figures": [{**asdict(row), "ratio": round(row.ratio, 3), "holds": row.holds} for row in rows],
	}
	(FOLDER / f"{name}.json").write_text(json.dumps(figures, indent="\t") + "\n")


def machine() -> dict[str, str | int]:
	"""What the figures were measured on."""
	memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
	return {
		"system": platform.system(),
		"processor": platform.machine(),
		"cores": os.cpu_count() or 0,
		"memory_gib": memory,
		"python": platform.python_version(),
	}
