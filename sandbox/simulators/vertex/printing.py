"""What was received, for people: one line per request.

18:03:04.123  skydell-client  POST /vertex-ws/v2/supplies  200  INVOICE SINV-00017, 2 lines to IL 60610
18:03:05.871  skydell-client  POST /oauth/token  400
"""

import json
from typing import Any

from sandbox.simulators.common.printing import outcome, shortened


def line(entry: dict) -> str:
	"""A line for an entry of the journal, without its end of line."""
	request = f"{entry['method']} {entry['path']}"
	parts = [entry["time"][11:23], entry["client_id"] or "(no client)", request, outcome(entry)]
	return "  ".join([*parts, _body(entry["body"])]).rstrip()


def _body(body: Any) -> str:
	if isinstance(body, dict) and isinstance(body.get("lineItems"), list):
		return shortened(_sale(body))
	text = json.dumps(body, ensure_ascii=False, default=str) if body is not None else ""
	return shortened(text.replace("\n", " "))


def _sale(sale: dict) -> str:
	count = len(sale["lineItems"])
	what = " ".join(str(sale[name]) for name in ("saleMessageType", "documentNumber") if sale.get(name))
	return f"{what}, {count} line{'' if count == 1 else 's'}{_destination(sale.get('customer'))}"


def _destination(customer: Any) -> str:
	destination = customer.get("destination") if isinstance(customer, dict) else None
	if not isinstance(destination, dict):
		return ""
	return f" to {destination.get('mainDivision', '')} {destination.get('postalCode', '')}"
