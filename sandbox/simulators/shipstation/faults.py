"""What goes wrong on request: the faults of `common`, ShipStation's 429 and its empty list."""

import math
from dataclasses import dataclass
from typing import ClassVar

from sandbox.simulators.common import faults
from sandbox.simulators.common.messages import Answer, Request
from sandbox.simulators.shipstation.credentials import Credentials
from sandbox.simulators.shipstation.errors import TooManyRequests

HALF_AN_ORDER = '{"orderId": 1, "ord'
NO_SHIPMENTS = {"shipments": None, "total": 0, "page": 1, "pages": 0}


@dataclass
class Fault(faults.Fault):
	"""
	:param seconds: how long to hang, or for `too_many` what X-Rate-Limit-Reset says.
	:param api_key: spoils only this account's requests.
	"""

	api_key: str | None = None

	KINDS: ClassVar[faults.Kinds] = {
		"too_many": lambda fault, request, process: _too_many(fault),
		**faults.Fault.KINDS,
	}

	def matches(self, request: Request) -> bool:
		return super().matches(request) and self.api_key in (None, Credentials.of(request).api_key)

	def malformed_text(self) -> str:
		return HALF_AN_ORDER

	def null_content(self, request: Request) -> dict | None:
		return NO_SHIPMENTS if request.path == "/shipments" else None


def _too_many(fault: Fault) -> Answer:
	reset = max(1, math.ceil(fault.seconds or 1))
	return TooManyRequests({"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": str(reset)}).answer()
