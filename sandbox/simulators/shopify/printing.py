"""What was received, for people: one line per request.

18:03:04  demo.myshopify.com  product_variants  200  752 of 2000, 1248 left  {"first": 250}
18:03:05  demo.myshopify.com  order_create  no answer (drop_after)  10 of 2000, 1990 left
"""

import json

from sandbox.simulators.common.printing import outcome, shortened


def line(entry: dict) -> str:
	"""A line for an entry of the journal, without its end of line."""
	parts = [entry["time"][11:19], entry["domain"], _what(entry), outcome(entry), *entry["errors"]]
	return "  ".join(parts + [part for part in (_cost(entry["cost"]), _variables(entry["body"])) if part])


def _what(entry: dict) -> str:
	return entry["operation"] or f"{entry['method']} {entry['path'].partition(entry['domain'])[2]}"


def _cost(cost: dict | None) -> str | None:
	if not cost:
		return None
	status = cost["throttleStatus"]
	points = cost["requestedQueryCost"] if cost["actualQueryCost"] is None else cost["actualQueryCost"]
	return f"{points} of {status['maximumAvailable']:.0f}, {status['currentlyAvailable']} left"


def _variables(body) -> str | None:
	variables = body.get("variables") if isinstance(body, dict) else None
	if not variables:
		return None
	text = json.dumps(variables, ensure_ascii=False)
	return shortened(text)
