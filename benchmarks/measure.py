"""Timing two ways of doing the same thing against each other."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
	"""Seconds that one call took."""

	median: float
	p99: float


@dataclass(frozen=True)
class Comparison:
	"""A subject against a reference, called in turns; `limit`: the highest ratio of the medians allowed."""

	title: str
	subject: Timing
	reference: Timing
	limit: float

	@property
	def ratio(self) -> float:
		return self.subject.median / self.reference.median

	@property
	def holds(self) -> bool:
		return self.ratio <= self.limit


@dataclass(frozen=True)
class Figure:
	"""A value against the least that is possible; `limit`: the highest ratio allowed."""

	title: str
	unit: str
	value: float
	least: float
	limit: float

	@property
	def ratio(self) -> float:
		if self.least:
			return self.value / self.least
		return 1.0 if not self.value else float("inf")

	@property
	def holds(self) -> bool:
		return self.ratio <= self.limit


def compare(
	title: str, subject: Callable[[], object], reference: Callable[[], object], *, rounds: int, limit: float
) -> Comparison:
	"""Calls both in turns, so that whatever else the machine does hits both alike.

	:param rounds: how often each is called, after a tenth as many calls to warm up.
	"""
	for _round in range(max(3, rounds // 10)):
		subject()
		reference()
	pairs = [(_seconds(subject), _seconds(reference)) for _round in range(rounds)]
	return Comparison(
		title, _timing([pair[0] for pair in pairs]), _timing([pair[1] for pair in pairs]), limit
	)


def peak_mib() -> float:
	"""The most memory that this process has had, in MiB. Linux' `ru_maxrss` would not do: a child's begins
	with what its parent had when it was started."""
	[kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
	return int(kilobytes) / 1024


def _seconds(call: Callable[[], object]) -> float:
	started = time.perf_counter()
	call()
	return time.perf_counter() - started


def _timing(seconds: list[float]) -> Timing:
	return Timing(statistics.median(seconds), statistics.quantiles(seconds, n=100, method="inclusive")[98])
