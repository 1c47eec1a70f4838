"""The figures as a table on standard output and as JSON in `benchmarks/results/`."""

import json
import os
import platform
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.measure import Comparison

FOLDER = Path(__file__).with_name("results")


def publish(name: str, comparisons: list[Comparison]) -> bool:
	"""Prints and writes the figures; returns whether every ratio is within its limit."""
	print(f"\n{name}: milliseconds, median and 99th percentile\n")
	heading = ("", "MedGrid", "p99", "reference", "p99", "ratio", "limit", "")
	print(_line(*heading))
	for comparison in comparisons:
		subject, reference = comparison.subject, comparison.reference
		times = [f"{seconds * 1000:.2f}" for seconds in (subject.median, subject.p99)]
		times += [f"{seconds * 1000:.2f}" for seconds in (reference.median, reference.p99)]
		verdict = "ok" if comparison.holds else "TOO SLOW"
		print(_line(comparison.title, *times, f"{comparison.ratio:.2f}", f"{comparison.limit:.2f}", verdict))
	_write(name, comparisons)
	return all(comparison.holds for comparison in comparisons)


def _line(title: str, *cells: str) -> str:
	return f"{title:<44}" + "".join(f"{cell:>11}" for cell in cells)


def _write(name: str, comparisons: list[Comparison]) -> None:
	FOLDER.mkdir(exist_ok=True)
	figures = {
		"measured": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC"),
		"machine": machine(),
		"comparisons": [
			{**asdict(comparison), "ratio": round(comparison.ratio, 3), "holds": comparison.holds}
			for comparison in comparisons
		],
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
