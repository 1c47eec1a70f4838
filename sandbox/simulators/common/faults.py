"""Misbehaviour on request: what a network and a busy service do on a bad day.

A fault belongs to the requests that match it and is used up after `times` of them. It comes before
everything else, credentials included, as a broken gateway would. A simulator subclasses Fault: it adds what
else a fault can match, its own kinds and its own bodies.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, ClassVar

from sandbox.simulators.common import hostile
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.messages import Answer, Request, Sent, html_answer, json_answer, text_answer

TIMEOUT_SECONDS = 60
SLOW_SECONDS = 1

Process = Callable[[], Answer]
Kinds = dict[str, Callable[[Any, Request, Process], Answer]]


@dataclass
class Fault:
	"""
	:param times: how many requests it spoils; None until faults are cleared.
	:param path: an exact path or a pattern such as `/orders/*`; None matches every path.
	:param seconds: how long to hang, or what the answer to too many requests asks to wait.
	:param status: for `status`.
	:param body: for `status` and `malformed`, instead of the usual text.
	:param processed: for `status`, `malformed`, `null` and the hostile kinds: whether the request takes
		effect. By default a `status` means no, and the others mean yes.
	"""

	kind: str
	times: int | None = 1
	path: str | None = None
	method: str | None = None
	seconds: float | None = None
	status: int | None = None
	body: str | None = None
	processed: bool | None = None

	# Kind -> the function that makes the spoilt answer; subclasses add theirs.
	KINDS: ClassVar[Kinds] = {}

	def __post_init__(self) -> None:
		if self.kind not in self.KINDS:
			raise ControlRefused(f"Unknown fault {self.kind!r}: one of {', '.join(self.KINDS)}.")
		if self.kind == "status" and not self.status:
			raise ControlRefused("The fault 'status' needs a status.")
		if self.times is not None and self.times < 1:
			raise ControlRefused("A fault happens at least once.")

	def matches(self, request: Request) -> bool:
		return (self.path is None or fnmatchcase(request.path, self.path)) and (
			self.method is None or self.method.upper() == request.method
		)

	def answer(self, request: Request, process: Process) -> Answer:
		"""The spoilt answer; calls `process` once if the request is to take effect."""
		return self.KINDS[self.kind](self, request, process)

	def status_answer(self, status: int) -> Answer:
		"""What a `status` without a body looks like."""
		return html_answer(status)

	def malformed_text(self) -> str:
		"""Half of some JSON."""
		return '{"id": 1, "na'

	def null_content(self, request: Request) -> Any:
		"""What stands where a result should be."""
		return None


class Faults:
	def __init__(self) -> None:
		self._pending: list[Fault] = []

	def add(self, fault: Fault) -> None:
		self._pending.append(fault)

	def clear(self) -> None:
		self._pending.clear()

	def pending(self) -> list[Fault]:
		return list(self._pending)

	def answer(self, request: Request, process: Process) -> tuple[Answer, str | None]:
		"""
		:param process: what the request does when nothing goes wrong.
		:returns: the answer, spoilt by the oldest fault that matches, and that fault's kind.
		"""
		fault = self._take(request)
		return (fault.answer(request, process), fault.kind) if fault else (process(), None)

	def _take(self, request: Request) -> Fault | None:
		"""The oldest fault that matches, one use less."""
		fault = next((fault for fault in self._pending if fault.matches(request)), None)
		if fault and fault.times is not None:
			fault.times -= 1
			if not fault.times:
				self._pending.remove(fault)
		return fault


def _status(fault: Fault, request: Request, process: Process) -> Answer:
	if fault.processed:
		process()
	status = fault.status or 0
	return fault.status_answer(status) if fault.body is None else text_answer(fault.body, status)


def _malformed(fault: Fault, request: Request, process: Process) -> Answer:
	if fault.processed is not False:
		process()
	return text_answer(fault.malformed_text() if fault.body is None else fault.body, 200)


def _null(fault: Fault, request: Request, process: Process) -> Answer:
	if fault.processed is not False:
		process()
	return json_answer(fault.null_content(request))


def _timeout_before(fault: Fault, request: Request, process: Process) -> Answer:
	return Answer(0, delay_seconds=either(fault.seconds, TIMEOUT_SECONDS), sent=Sent.NOTHING)


def _timeout_after(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), delay_seconds=either(fault.seconds, TIMEOUT_SECONDS), sent=Sent.NOTHING)


def _drop_after(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), sent=Sent.NOTHING)


def _half(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), sent=Sent.HALF)


def _slow(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), delay_seconds=either(fault.seconds, SLOW_SECONDS))


def _drip(fault: Fault, request: Request, process: Process) -> Answer:
	return replace(process(), delay_seconds=either(fault.seconds, TIMEOUT_SECONDS), sent=Sent.DRIP)


def _hostile(mode: str) -> Callable[[Any, Request, Process], Answer]:
	"""The request takes effect unless the fault says otherwise."""

	def answer(fault: Fault, request: Request, process: Process) -> Answer:
		return hostile.spoilt(mode, json_answer({}) if fault.processed is False else process())

	return answer


def either(seconds: float | None, default: float) -> float:
	"""What a fault asks for, which may be 0."""
	return default if seconds is None else seconds


Fault.KINDS = {
	"status": _status,
	"timeout_before": _timeout_before,
	"timeout_after": _timeout_after,
	"drop_after": _drop_after,
	"half": _half,
	"malformed": _malformed,
	"null": _null,
	"slow": _slow,
	"drip": _drip,
	**{hostile.PREFIX + mode: _hostile(mode) for mode in hostile.MODES},
}
