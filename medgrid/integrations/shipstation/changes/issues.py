"""The Integration Issue of an order whose content in ShipStation differs from the Sales Order. There is one
of each kind for a record; the caller commits."""

from frappe import _

from medgrid.integrations.shipstation.order_records import DOCTYPE
from medgrid.issues.records import VENDOR, WHOLESALER, Issue, Subject, open_issue, settle_issue


def open_changed(name: str, sales_order: str, what: str, *, why: str, by_vendor: bool = False) -> None:
	"""Opens the issue of an order that has changed and cannot be sent again.

	:param name: the name of the ShipStation Order.
	:param what: what differs, in sentences.
	:param why: why it cannot be sent again, in a sentence.
	:param by_vendor: whether the vendor must act, else the wholesaler.
	"""
	advice = (
		_("Change the order in ShipStation by hand, as the Sales Order says.")
		if by_vendor
		else _("Agree with the vendor on what differs, or order it again with another Sales Order.")
	)
	open_issue(
		_subject(name),
		title=_("ShipStation: {0} has changed since it was sent").format(sales_order),
		detail=f"{what} {why}",
		who_acts=VENDOR if by_vendor else WHOLESALER,
		what_to_do=advice,
	)


def open_cancelled_there(name: str, sales_order: str, detail: str) -> None:
	"""Opens the issue of an order that the vendor has cancelled in ShipStation."""
	open_issue(
		_subject(name),
		title=_("ShipStation: {0} was cancelled there").format(sales_order),
		detail=detail,
		who_acts=WHOLESALER,
		what_to_do=_("Ask the vendor why. Cancel the Sales Order, or amend it: the amended order is sent."),
	)


def open_part_cancelled(name: str, sales_order: str, detail: str) -> None:
	"""Opens the issue of an order of which the vendor has cancelled a part in ShipStation, and ships the
	rest.

	:param detail: what is not shipped.
	"""
	open_issue(
		_part_cancelled(name),
		title=_("ShipStation: a part of {0} was cancelled there").format(sales_order),
		detail=detail,
		who_acts=WHOLESALER,
		what_to_do=_("Ask the vendor why. Order what is missing with another Sales Order."),
	)


def settle_part_cancelled(name: str) -> bool:
	"""Settles the issue of an order of which a part was cancelled: the vendor ships it after all, or the
	whole order is cancelled.

	:returns: whether it was open.
	"""
	return settle_issue(_part_cancelled(name))


def open_shipped_though_cancelled(name: str, sales_order: str, detail: str) -> None:
	"""Opens the issue of an order that was shipped although its Sales Order is cancelled."""
	open_issue(
		_subject(name),
		title=_("ShipStation: {0} is cancelled and was shipped").format(sales_order),
		detail=detail,
		who_acts=WHOLESALER,
		what_to_do=_("Amend the Sales Order, or arrange the return."),
	)


def open_shipped_twice(name: str, sales_order: str, detail: str) -> None:
	"""Opens the issue of an order that the vendor had cancelled and shipped all the same, after its rows went
	to others."""
	open_issue(
		_subject(name),
		title=_("ShipStation: {0} was shipped though it was cancelled there").format(sales_order),
		detail=detail,
		who_acts=WHOLESALER,
		what_to_do=_("Stop the other shipment if it has not left, or arrange the return."),
	)


def open_do_not_ship(name: str, sales_order: str, detail: str, supplier: str) -> Issue:
	"""Opens the issue of a cancelled order that ShipStation may still have as open: the vendor must not ship
	it. `settle_do_not_ship` settles it.

	:param detail: what happened, and what to cancel in ShipStation.
	"""
	return open_issue(
		do_not_ship(name),
		title=_("ShipStation: {0} is cancelled and must not be shipped").format(sales_order),
		detail=detail,
		who_acts=VENDOR,
		what_to_do=_("The vendor cancels the order in ShipStation, or says in the portal not to ship it."),
		supplier=supplier,
	)


def settle_do_not_ship(name: str) -> None:
	"""Settles the issue of a cancelled order: ShipStation has it as cancelled or shipped, or the vendor says
	not to ship it."""
	settle_issue(do_not_ship(name))


def do_not_ship(name: str) -> Subject:
	"""The subject of the issue of a cancelled order."""
	return Subject("shipstation", "do_not_ship", reference=(DOCTYPE, name))


def settle(name: str) -> None:
	"""Settles the issue of a record."""
	settle_issue(_subject(name))


def _part_cancelled(name: str) -> Subject:
	return Subject("shipstation", "part_cancelled", reference=(DOCTYPE, name))


def _subject(name: str) -> Subject:
	return Subject("shipstation", "changed_order", reference=(DOCTYPE, name))
