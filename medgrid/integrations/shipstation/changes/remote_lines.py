"""The lines of an order in ShipStation. Pure."""

from collections.abc import Collection

from medgrid.clients.shipstation.models import RemoteOrder


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
