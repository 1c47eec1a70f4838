"""Misbehaviour on request: what a network and a busy ShipStation do on a bad day.

A fault belongs to the requests that match it and is used up after `times` of them. It comes before
everything else, credentials included, as a broken gateway would.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from sandbox.simulators.shipstation.errors import ControlRefused
from sandbox.simulators.shipstation.messages import (
	Answer,
	Request,
	Sent,
	html_answer,
	json_answer,
	text_answer,
)

TIMEOUT_SECONDS = 60
SLOW_SECONDS = 1
HALF_AN_ORDER = '{"orderId": 1, "ord'
NO_SHIPMENTS = {"shipments": None, "total": 0, "page": 1, "pages": 0}

Process = Callable[[], Answer]


@dataclass
class Fault:
	"""
	:param times: how many requests it spoils; None until faults are cleared.
	:param path: an exact path or a pattern such as `/orders/*`; None matches every path.
	:param seconds: how long to hang, or for `too_many` what X-Rate-Limit-Reset says.
	:param status: for `status`.
	:param body: for `status` and `malformed`, instead of the usual text.
	:param processed: for `status`, `malformed` and `null`: whether the request takes effect. By default
		a `status` means no, and the other two, being 200, mean yes.
	"""

	kind: str
	times: int | None = 1
	path: str | None = None
	method: str | None = None
	api_key: str | None = None
	seconds: float | None = None
	status: int | None = None
	body: str | None = None
	processed: bool | None = None

	def __post_init__(self):
		if self.kind not in KINDS:
			raise ControlRefused(f"Unknown fault {self.kind!r}: one of {', '.join(KINDS)}.")
		if self.kind == "status" and not self.status:
			raise ControlRefused("The fault 'status' needs a status.")
		if self.times is not None and self.times < 1:
			raise ControlRefused("A fault happens at least once.")

	def matches(self, request: Request) -> bool:
		return (
			(self.path is None or fnmatchcase(request.path, self.path))
			and (self.method is None or self.method.upper() == request.method)
			and (self.api_key is None or self.api_key == request.credentials.api_key)
		)

	def answer(self, request: Request, process: Process) -> Answer:
		"""The spoilt answer; calls `process` once if the request is to take effect."""
		return KINDS[self.kind](self, request, process)


class Faults:
	def __init__(self):
		self._pending: list[Fault] = []

	def add(self, fault: Fault) -> None:
		self._pending.append(fault)

	def clear(self) -> None:
		self._pending.clear()

	def pending(self) -> list[Fault]:
		return list(self._pending)

	def take(self, request: Request) -> Fault | None:
		"""The oldest fault that matches, one use less."""
		fault = next((fault for fault in self._pending if fault.matches(request)), None)
		if fault and fault.times is not None:
			fault.times -= 1
			if not fault.times:
				self._pending.remove(fault)
		return fault


def _too_many(fault: Fault, request: Request, process: Process) -> Answer:
	reset = max(1, math.ceil(fault.seconds or 1))
	headers = {"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": str(reset)}
	return json_answer({"message": "Too Many Requests"}, 429, headers)


def _status(fault: Fault, request: Request, process: Process) -> Answer:
	if fault.processed:
		process()
	return text_answer(fault.body, fault.status) if fault.body is not None else html_answer(fault.status)


def _malformed(fault: Fault, request: Request, process: Process) -> Answer:
	if fault.processed is not False:
		process()
	return text_answer(HALF_AN_ORDER if fault.body is None else fault.body, 200)


def _null(fault: Fault, request: Request, process: Process) -> Answer:
	if fault.processed is not False:
		process()
	return json_answer(NO_SHIPMENTS if request.path == "/shipments" else None)


def _timeout_before(fault: Fault, request: Request, process: Process) -> Answer:
	return Answer(0, delay_seconds=_or(fault.seconds, TIMEOUT_SECONDS), sent=Sent.NOTHING)


def _timeout_after(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), delay_seconds=_or(fault.seconds, TIMEOUT_SECONDS), sent=Sent.NOTHING)


def _drop_after(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), sent=Sent.NOTHING)


def _half(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), sent=Sent.HALF)


def _slow(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), delay_seconds=_or(fault.seconds, SLOW_SECONDS))


def _or(seconds: float | None, default: float) -> float:
	return default if seconds is None else seconds


KINDS: dict[str, Callable[[Fault, Request, Process], Answer]] = {
	"too_many": _too_many,
	"status": _status,
	"timeout_before": _timeout_before,
	"timeout_after": _timeout_after,
	"drop_after": _drop_after,
	"half": _half,
	"malformed": _malformed,
	"null": _null,
	"slow": _slow,
}
