"""What goes wrong on request: the faults of `common`, and Shopify's own ways of saying no."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from sandbox.simulators.common import faults
from sandbox.simulators.common.faults import Process
from sandbox.simulators.common.messages import Answer, Request, html_answer, json_answer
from sandbox.simulators.shopify.admin_api.endpoint import INVALID_TOKEN
from sandbox.simulators.shopify.errors import Refused, throttled
from sandbox.simulators.shopify.request_parts import domain_of, operation_of

RETRY_AFTER = 2.0
ERRORS = {
	401: INVALID_TOKEN,
	402: "Unavailable Shop",
	403: "[API] This action requires merchant approval for the necessary scope.",
	404: "Not Found",
	423: "Locked",
	429: "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.",
}


@dataclass
class Fault(faults.Fault):
	"""
	:param seconds: how long to hang, or for `too_many` what Retry-After says.
	:param domain: spoils only this shop's requests.
	:param operation: spoils only GraphQL operations of this name; a pattern such as `order*` is possible.
	"""

	domain: str | None = None
	operation: str | None = None

	KINDS: ClassVar[faults.Kinds] = {
		"too_many": lambda fault, request, process: _too_many(fault),
		"throttled": lambda fault, request, process: _throttled(fault),
		"internal": lambda fault, request, process: _internal(fault, process),
		**faults.Fault.KINDS,
	}

	def matches(self, request: Request) -> bool:
		return (
			super().matches(request)
			and self.domain in (None, domain_of(request))
			and (self.operation is None or fnmatchcase(operation_of(request) or "", self.operation))
		)

	def status_answer(self, status: int) -> Answer:
		return Refused(status, ERRORS[status]).answer() if status in ERRORS else html_answer(status)

	def malformed_text(self) -> str:
		return '{"data":{"shop":{"na'


def _too_many(fault: Fault) -> Answer:
	seconds = faults.either(fault.seconds, RETRY_AFTER)
	return Refused(429, ERRORS[429], {"Retry-After": str(float(seconds))}).answer()


def _throttled(fault: Fault) -> Answer:
	"""As if others had emptied the bucket: it says that it is empty, and charges nothing."""
	status = {"maximumAvailable": 2000.0, "currentlyAvailable": 0, "restoreRate": 100.0}
	price = {"requestedQueryCost": 10, "actualQueryCost": None, "throttleStatus": status}
	return json_answer({"errors": [throttled().formatted], "extensions": {"cost": price}})


def _internal(fault: Fault, process: Process) -> Answer:
	"""Shopify's own failure in a GraphQL answer, with status 200."""
	if fault.processed:
		process()
	message = "Internal error. Looks like something went wrong on our end."
	extensions = {"code": "INTERNAL_SERVER_ERROR", "requestId": "00000000-0000-4000-8000-000000000000"}
	return json_answer({"errors": [{"message": message, "extensions": extensions}]})
