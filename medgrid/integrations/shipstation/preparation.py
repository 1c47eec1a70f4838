"""Reads a Sales Order and builds the payload for a vendor's ShipStation, or says why it cannot be sent."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from frappe import _

from medgrid.clients.shipstation.order_payload import OrderPayload, OrderStatus
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.shipstation.due.holdings import held_by_vendors
from medgrid.integrations.shipstation.payload import (
	NothingToSend,
	content_for,
	payload_for,
	undelivered,
)
from medgrid.orders import reader
from medgrid.orders.content import Content, Standing
from medgrid.orders.problems import OrderProblem
from medgrid.orders.sales_order import STOPPED
from medgrid.orders.sentences import what_is_wrong
from medgrid.services.support import us


@dataclass(frozen=True)
class VendorOrder:
	"""A vendor's part of a Sales Order.

	:param content: what it says, to compare the Sales Order with later.
	"""

	payload: OrderPayload
	content: Content


def prepare(
	document, supplier: str, taken: Collection[str], kept: Collection[str] = (), *, is_held: bool = False
) -> VendorOrder:
	"""Builds a vendor's part of a Sales Order.

	:param document: a Sales Order document.
	:param taken: names of rows that were sent to other Suppliers or to Exoceuticals.
	:param kept: names of rows that were sent to this vendor.
	:param is_held: whether the vendor has put the order on hold in ShipStation, where it stays so.
	:raises NothingToSend: no open line is this vendor's.
	:raises RequestRejected: the order cannot be sent as it is; the message is for the vendor.
	"""
	standing = standing_of(document)
	status: OrderStatus = "on_hold" if is_held or standing is Standing.STOPPED else "awaiting_shipment"
	with _problems_as_rejections():
		order = reader.read(document, ships_to_customer_address=True)
		payload = payload_for(order, supplier, taken, kept, status)
		content = content_for(order, supplier, taken, kept, standing)
	return VendorOrder(payload, replace(content, sent_rows=tuple(item.lineItemKey for item in payload.items)))


def check_held(document, supplier: str, rows: Collection[str]) -> None:
	"""Checks that no other vendor may ship rows for an order that a Sales Order amends.

	:param document: a Sales Order document.
	:param rows: the names of the rows that are to be sent to this vendor.
	:raises RequestRejected: another vendor has one of them, and has not cancelled it.
	"""
	for sent in held_by_vendors(document, with_unrecorded=False):
		numbers = [row.idx for row in document.items if row.name in sent.rows and row.name in rows]
		if sent.supplier != supplier and numbers:
			# A vendor must not learn the name of another one.
			sentence = _(
				"The Sales Order amends {0}, of which another vendor has row {1} in ShipStation. MedGrid"
				" sends the order when {0} is cancelled there."
			)
			raise RequestRejected(sentence.format(sent.original, ", ".join(map(str, numbers))))


def prepare_cancellation(document, supplier: str, rows: Collection[str]) -> OrderPayload:
	"""Builds the payload that cancels a vendor's order in ShipStation.

	:param rows: the names of the Sales Order's rows that were sent.
	:raises RequestRejected: the order cannot be sent as it is, not even to cancel it.
	"""
	with _problems_as_rejections():
		order = undelivered(reader.read(document, ships_to_customer_address=True))
		others = {line.row for line in order.lines} - set(rows)
		return payload_for(order, supplier, others, rows, "cancelled")


def read_content(document, supplier: str, taken: Collection[str], kept: Collection[str]) -> Content:
	"""What a Sales Order says to a vendor now; see `prepare`.

	:raises RequestRejected: the order cannot be sent as it is.
	"""
	with _problems_as_rejections():
		order = reader.read(document, ships_to_customer_address=True)
		return content_for(order, supplier, taken, kept, standing_of(document))


def standing_of(document) -> Standing:
	"""Whether a submitted Sales Order may be shipped."""
	return Standing.STOPPED if document.status in STOPPED else Standing.OPEN


@contextmanager
def _problems_as_rejections() -> Iterator[None]:
	problem: OrderProblem | None = None
	try:
		yield
	except NothingToSend:
		raise
	except OrderProblem as found:
		problem = found
	if problem:
		sentence = what_is_wrong(problem, "ShipStation")
		raise RequestRejected(_("{0} Ask {1} to correct it.").format(sentence, us()))
