"""What goes wrong on request: the faults of `common`, and answers of Vertex that make no sense."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, ClassVar

from sandbox.simulators.common import faults
from sandbox.simulators.common.faults import Process
from sandbox.simulators.common.messages import HTML, Answer, Request, html_answer, json_answer

SUPPLIES = "/vertex-ws/v2/supplies"
EXISTS = "/vertex-ws/v2/transaction-exists/"
API = "/vertex-ws/"
HUGE_BYTES = 20 * 1024 * 1024
LEVELS = 10_000
ELSEWHERE = "https://elsewhere.example/vertex-ws/v2/supplies"
STATE_TYPES = {"STATE", "PROVINCE", "TERRITORY"}
# What stands in front of Vertex answers these with a page.
GATEWAY = {502, 503, 504}

Change = Callable[[dict[str, Any]], Any]


@dataclass
class Fault(faults.Fault):
	"""
	bad_sum, missing_line, wrong_shape, negative_rate, deferred, seller_pays and reversed_lines change the
	answer to a calculation, and not what is booked. token_forgotten ends all tokens when the next call
	arrives. exists_lag hides bookings that are younger than `seconds` until faults are cleared. html_200,
	huge, deep and redirect spoil any answer.

	:param processed: as in `common`; a redirect, too, has no effect by default.
	"""

	KINDS: ClassVar[faults.Kinds] = {
		**faults.Fault.KINDS,
		"html_200": lambda fault, request, process: _instead(fault, process, _page()),
		"huge": lambda fault, request, process: _instead(fault, process, _huge()),
		"deep": lambda fault, request, process: _instead(fault, process, _deep()),
		"redirect": lambda fault, request, process: _redirect(fault, process),
		"token_forgotten": lambda fault, request, process: process(),
		"exists_lag": lambda fault, request, process: process(),
		"bad_sum": lambda fault, request, process: _changed(process, _bad_sum),
		"missing_line": lambda fault, request, process: _changed(process, _missing_line),
		"wrong_shape": lambda fault, request, process: _changed(process, _wrong_shape),
		"negative_rate": lambda fault, request, process: _changed(process, _negative_rate),
		"deferred": lambda fault, request, process: _changed(process, _deferred),
		"seller_pays": lambda fault, request, process: _changed(process, _seller_pays),
		"reversed_lines": lambda fault, request, process: _changed(process, _reversed_lines),
	}
	CALCULATION: ClassVar[set[str]] = {
		"bad_sum",
		"missing_line",
		"wrong_shape",
		"negative_rate",
		"deferred",
		"seller_pays",
		"reversed_lines",
	}

	def __post_init__(self) -> None:
		super().__post_init__()
		if self.kind == "exists_lag":
			self.times = None
			self.seconds = faults.either(self.seconds, 60)

	def matches(self, request: Request) -> bool:
		if self.kind == "exists_lag":
			# It is no answer that is spoilt: the simulator reads how far behind it is.
			return False
		if self.kind in self.CALCULATION and (request.method, request.path) != ("POST", SUPPLIES):
			return False
		if self.kind == "token_forgotten" and not request.path.startswith(API):
			return False
		return super().matches(request)

	def status_answer(self, status: int) -> Answer:
		if status < 400 or status in GATEWAY:
			return html_answer(status)
		title = HTTPStatus(status).phrase if status in list(HTTPStatus) else "Error"
		entry = {"status": str(status), "code": "VertexApplicationException", "title": title, "detail": title}
		return json_answer({"meta": {"app": "Vertex REST API v2.0.0"}, "errors": [entry]}, status)

	def malformed_text(self) -> str:
		return '{"data":{"saleMessageType":"QUOTATION","totalT'


def _instead(fault: Fault, process: Process, answer: Answer) -> Answer:
	if fault.processed is not False:
		process()
	return answer


def _page() -> Answer:
	page = "<html><head><title>Vertex</title></head><body><h1>Please sign in</h1></body></html>"
	return Answer(200, page.encode(), HTML)


def _huge() -> Answer:
	"""JSON that would be good but for its length."""
	start, end = b'{"data":{"totalTax":0,"note":"', b'"},"meta":{}}'
	return Answer(200, start + b"x" * (HUGE_BYTES - len(start) - len(end)) + end)


def _deep() -> Answer:
	return Answer(200, b'{"data":' + b'{"a":' * LEVELS + b"1" + b"}" * LEVELS + b',"meta":{}}')


def _redirect(fault: Fault, process: Process) -> Answer:
	if fault.processed:
		process()
	return Answer(302, headers={"Location": ELSEWHERE})


def _changed(process: Process, change: Change) -> Answer:
	"""The honest answer with another `data`; a refusal stays as it is."""
	answer = process()
	if answer.status != 200:
		return answer
	content = json.loads(answer.body)
	content["data"] = change(copy.deepcopy(content["data"]))
	return replace(answer, body=json.dumps(content, separators=(",", ":")).encode())


def _bad_sum(data: dict[str, Any]) -> Any:
	return {**data, "totalTax": round(data["totalTax"] + 1, 2)}


def _missing_line(data: dict[str, Any]) -> Any:
	return {**data, "lineItems": data["lineItems"][:-1]}


def _wrong_shape(data: dict[str, Any]) -> Any:
	return [data]


def _negative_rate(data: dict[str, Any]) -> Any:
	for tax in _taxes(data):
		tax["effectiveRate"] = -abs(tax["effectiveRate"])
		tax["nominalRate"] = -abs(tax["nominalRate"])
	return data


def _deferred(data: dict[str, Any]) -> Any:
	for tax in _state_taxes(data):
		tax["taxResult"] = "DEFERRED"
	return data


def _seller_pays(data: dict[str, Any]) -> Any:
	"""What the seller pays is in no sum."""
	for line in data["lineItems"]:
		for tax in _state_taxes({"lineItems": [line]}):
			tax["taxCollectedFromParty"] = "SELLER"
			line["totalTax"] = round(line["totalTax"] - tax["calculatedTax"], 2)
	total_tax = round(sum(line["totalTax"] for line in data["lineItems"]), 2)
	return {**data, "totalTax": total_tax, "total": round(data["subTotal"] + total_tax, 2)}


def _reversed_lines(data: dict[str, Any]) -> Any:
	"""Honest: no order of lines is promised."""
	return {**data, "lineItems": data["lineItems"][::-1]}


def _taxes(data: dict[str, Any]) -> list[dict[str, Any]]:
	return [tax for line in data["lineItems"] for tax in line["taxes"]]


def _state_taxes(data: dict[str, Any]) -> list[dict[str, Any]]:
	"""The State's taxes by rate, not its fees."""
	return [
		tax
		for tax in _taxes(data)
		if tax["jurisdiction"]["jurisdictionType"] in STATE_TYPES and tax["taxStructure"] == "SINGLE_RATE"
	]
