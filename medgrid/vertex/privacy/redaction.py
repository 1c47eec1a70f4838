"""Deletes buyers' data from Vertex Tax Documents, because Shopify requires it. See docs/api.md,
`app_uninstall`.

A shop may have any number of these documents, and Shopify waits 5 seconds for the answer to a webhook. The
webhook finds the rows along indexes, marks them and redacts the first ones; a job redacts the others in
chunks. If the queue loses the job, the hourly one continues. The queue contains no buyer's data.

A document that is not booked yet keeps the buyer's data until it is booked: its tax depends on the address.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import frappe

from medgrid.clients.vertex.wire import LIMITS
from medgrid.core.bulk import chunks
from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction
from medgrid.http_client.json_reader import JsonRefused, read_json
from medgrid.http_client.json_writer import write_json
from medgrid.vertex.booking.records import COMMITTED, DOCTYPE, FAILED, REDACTED, VOID
from medgrid.vertex.merchants.fields import DOCTYPE as MERCHANT

REQUESTED = "Requested"
# Nothing more is sent of these; a Failed one gets its content again from whoever sends it again.
SETTLED = (COMMITTED, FAILED, VOID)
# How many rows a webhook blanks itself.
AT_ONCE = 50
CHUNK = 200
# Members of a request to Vertex that say who and where a buyer is.
PERSONAL = frozenset(
	("destination", "administrativeDestination", "customerCode", "exemptionCertificate", "taxRegistrations")
)
# The fields of a merchant that say where it is.
OF_MERCHANT = ("origin", "origin_address", "last_error")


# What is meant


def of_orders(merchant: str, orders: Sequence[str]) -> list[str]:
	"""The Tax Documents of a merchant's orders.

	:param orders: their ids, or numbers.
	"""
	found: dict[str, None] = {}
	for some in chunks(orders, CHUNK):
		for field in ("order_id", "document_number"):
			filters = {"merchant": merchant, field: ("in", some)}
			found.update(dict.fromkeys(frappe.get_all(DOCTYPE, filters, pluck="name")))
	return list(found)


def of_customer(merchant: str, codes: Iterable[str]) -> list[str]:
	"""The Tax Documents of a merchant's customer, by the codes that the merchant may have for it."""
	wanted = set(codes)
	if not wanted:
		return []
	filters = {"merchant": merchant, "customer_code": ("in", sorted(wanted))}
	rows = frappe.get_all(DOCTYPE, filters, ["name", "customer_code"])
	# The database compares without case and accents.
	return [row.name for row in rows if row.customer_code in wanted]


# The webhook's part


def request(names: Sequence[str]) -> None:
	"""Has the buyers of some Tax Documents blanked: the first ones now, the others by a job. The caller
	commits."""
	_redact(names[:AT_ONCE])
	for some in chunks(names[AT_ONCE:], CHUNK):
		_mark(some)
	enqueue_after_commit(redact_requested, queue=SHORT, job_id="medgrid-vertex-redaction")


def request_all(merchant: str) -> None:
	"""Has all buyers of a merchant blanked, and the merchant's own addresses. The caller commits."""
	frappe.db.set_value(MERCHANT, merchant, {**dict.fromkeys(OF_MERCHANT), "must_redact": 1})
	_redact(_after("", AT_ONCE, {"merchant": merchant}))
	enqueue_after_commit(redact_requested, queue=SHORT, job_id="medgrid-vertex-redaction")


# The job's part


@job
def redact_requested() -> None:
	"""Blanks what webhooks have left, in chunks. Commits each. The RQ job, and the scheduler's."""
	for merchant in frappe.get_all(MERCHANT, {"must_redact": 1}, pluck="name"):
		_each_chunk({"merchant": merchant}, _redact)
		in_transaction(partial(frappe.db.set_value, MERCHANT, merchant, "must_redact", 0))
	_each_chunk({"redaction": REQUESTED, "status": ("in", SETTLED)}, _redact)


def _each_chunk(filters: Mapping[str, Any], work: Callable[[Sequence[str]], object]) -> None:
	last = ""
	while names := in_transaction(partial(_after, last, CHUNK, filters)):
		in_transaction(partial(work, names))
		last = names[-1]


def _after(last: str, limit: int, filters: Mapping[str, Any]) -> list[str]:
	filters = {**filters, "name": (">", last)}
	return frappe.get_all(DOCTYPE, filters, pluck="name", order_by="name asc", limit=limit)


def _redact(names: Sequence[str]) -> None:
	"""Blanks what is settled and marks the rest."""
	if not names:
		return
	rows = frappe.get_all(
		DOCTYPE, {"name": ("in", names)}, ["name", "status", "request", "redaction"], order_by="name"
	)
	_mark([row.name for row in rows if row.status not in SETTLED])
	for row in rows:
		if row.status in SETTLED and row.redaction != REDACTED:
			values = {
				"request": without_persons(row.request or ""),
				"customer_code": None,
				"redaction": REDACTED,
			}
			frappe.db.set_value(DOCTYPE, row.name, values)


def _mark(names: Sequence[str]) -> None:
	if names:
		table = frappe.qb.DocType(DOCTYPE)
		query = frappe.qb.update(table).set(table.redaction, REQUESTED).where(table.name.isin(list(names)))
		query.where(table.redaction.isnull() | (table.redaction != REDACTED)).run()


def without_persons(text: str) -> str:
	"""A request to Vertex without the members that say who and where the buyer is.

	:param text: its JSON.
	:returns: the same; of a text that is no JSON nothing is left.
	"""
	try:
		content = read_json(text.encode(), LIMITS, exact=True)
	except JsonRefused:
		return "{}"
	waiting = [content]
	while waiting:
		each = waiting.pop()
		if isinstance(each, dict):
			for name in PERSONAL & each.keys():
				del each[name]
			waiting += each.values()
		elif isinstance(each, list):
			waiting += each
	return write_json(content, sort_keys=True)
