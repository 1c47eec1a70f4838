"""What was received, for people: one line per request.

18:03:04.123  key-a  POST /orders/createorder  200  SAL-2026-00123, 2 lines, 91.0 paid, to San Diego CA
18:03:05.871  key-a  GET /shipments?orderId=90000001  no answer (drop_after)
"""

import json
from typing import Any
from urllib.parse import urlencode

from sandbox.simulators.common.printing import outcome, shortened

LONGEST = 200


def line(entry: dict) -> str:
	"""A line for an entry of the journal, without its end of line."""
	parts = [entry["time"][11:23], entry["api_key"] or "(no key)", _what(entry), outcome(entry)]
	return "  ".join(parts + ([_body(entry["body"])] if entry["body"] is not None else []))


def _what(entry: dict) -> str:
	query = f"?{urlencode(entry['query'])}" if entry["query"] else ""
	return f"{entry['method']} {entry['path']}{query}"


def _body(body: Any) -> str:
	if isinstance(body, dict) and isinstance(body.get("items"), list):
		return _order(body)
	if isinstance(body, list):
		return f"{len(body)} orders"
	text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
	return shortened(text, LONGEST)


def _order(order: dict) -> str:
	count = len(order["items"])
	parts = [str(order.get("orderNumber")), f"{count} line{'' if count == 1 else 's'}"]
	if "amountPaid" in order:
		parts.append(f"{order['amountPaid']} paid")
	return ", ".join(parts + _destination(order.get("shipTo")))


def _destination(address: Any) -> list[str]:
	if not isinstance(address, dict):
		return ["no address"]
	return [f"to {address.get('city')} {address.get('state')}"]
