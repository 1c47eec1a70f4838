"""Whether a change whose answer was lost has arrived: the order in ShipStation shows it, for example if the
vendor has shipped it before the next sync."""

import json
from functools import partial

import frappe

from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.integrations.shipstation.order_records import DOCTYPE, OUTBOX
from medgrid.orders.content import Content, from_json
from medgrid.outbox import operations
from medgrid.outbox.destinations import Record
from medgrid.outbox.states import Operation


def record_arrival(name: str, remote: RemoteOrder | None) -> None:
	"""Records what the order in ShipStation shows of a change whose answer was lost, unless a worker is
	sending it now. Commits.

	:param name: the record's name.
	:param remote: the order in ShipStation, which can no more be changed there.
	"""
	operations.observe(OUTBOX, name, Operation.SEND_AGAIN, partial(_record, remote))


def _record(remote: RemoteOrder | None, locked: Record) -> None:
	fields = ["sent_content", "resending_content", "lines"]
	record = frappe.db.get_value(DOCTYPE, locked.name, fields, as_dict=True)
	sent, resent = from_json(record.sent_content), from_json(record.resending_content)
	if not sent or not resent:
		return
	there = resent if remote and has_arrived(remote, sent, resent) else sent
	# Rows that were delivered before the last content was sent stay the vendor's.
	gone = {*sent.rows, *resent.rows} - set(there.rows)
	lines = [row for row in json.loads(record.lines or "[]") if row not in gone]
	values = {
		"sent_content": there.as_json(),
		"resending_content": None,
		"lines": json.dumps(lines),
	}
	frappe.db.set_value(DOCTYPE, locked.name, values)


def has_arrived(remote: RemoteOrder, sent: Content, resent: Content) -> bool:
	"""Whether an order in ShipStation shows that a change of it arrived. Only changes of rows and quantities
	can be detected.

	:param sent: what ShipStation had before.
	:param resent: what was sent then.
	"""
	before, after = sent.sent_quantities, resent.sent_quantities
	there = {item.lineItemKey: item.quantity for item in remote.items}
	return before != after and there == after
