"""Whether Exoceuticals has shipped anything of an order, from what its Sales Order stores. Pure."""

import json

# The statuses of fulfillments that shipped nothing. REST has the same ones in lower case.
VOID = {"CANCELLED", "ERROR", "FAILURE"}


def has_shipped(fulfillments: str | None, number: str | None) -> bool:
	"""
	:param fulfillments: `exoceuticals_fulfillments` of the Sales Order.
	:param number: its `exoceuticals_tracking_number`. If no fulfillment is stored, it is all that tells: an
		earlier release stored no more.
	"""
	stored = json.loads(fulfillments or "[]")
	return any(each["status"] not in VOID for each in stored) if stored else bool(number)
