"""The lines of an order in ShipStation. Pure."""

import json
from collections.abc import Collection
from typing import Any

from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.orders.content import from_json


def has_other_lines(remote: RemoteOrder | None, lines: Collection[str]) -> bool:
	"""Whether an order in ShipStation is not the one that consists of these lines: it has another line, or
	none.

	:param remote: None: ShipStation has no such order.
	:param lines: the names of the Sales Order's rows, which MedGrid sends as `lineItemKey`.
	"""
	return remote is not None and not (lines_of(remote) and lines_of(remote) <= set(lines))


def lines_of(remote: RemoteOrder) -> set[str | None]:
	"""The `lineItemKey` of each line of an order in ShipStation; None for a line without one."""
	return {item.lineItemKey for item in remote.items or []}


def possible_rows(record: Any) -> list[set[str]]:
	"""The rows of which an order in ShipStation may consist if the vendor has not changed it: those that were
	sent, and those of an attempt to send it again whose outcome is not recorded.

	:param record: a ShipStation Order with `lines`, `sent_content` and `resending_content`.
	"""
	sent = from_json(record.sent_content)
	found = [set(sent.sent_rows) if sent else set(json.loads(record.lines or "[]"))]
	if resent := from_json(record.resending_content):
		found.append(set(resent.sent_rows))
	return found
