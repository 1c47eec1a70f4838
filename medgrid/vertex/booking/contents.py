"""What a new row of Vertex Tax Document contains: the request that is to be booked.

See docs/adr/0032-an-invoice-is-booked-once.md.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any

import frappe

from medgrid.clients.vertex.wire import ReversalData, ReversalRequest, SaleRequest
from medgrid.core.transactions import in_transaction
from medgrid.http_client.json_writer import write_json
from medgrid.vertex.booking.records import (
	DOCTYPE,
	FAILED,
	INVOICE,
	PENDING,
	REVERSAL,
	TaxDocument,
	find,
	insert,
)


@dataclass(frozen=True)
class NewInvoice:
	"""An invoice that is to be booked.

	:param merchant: the name of the Vertex Merchant.
	:param reference: DocType and name of what is booked.
	:param quoted_tax: what the document says; None: nothing.
	"""

	merchant: str
	reference: tuple[str, str]
	request: SaleRequest
	order_id: str | None = None
	quoted_tax: Decimal | None = None
	kind: str = INVOICE


def transaction_id(*parts: str) -> str:
	"""The ID by which Vertex knows what these parts name: the same for every attempt."""
	return "MG-" + sha256("|".join((frappe.local.site, *parts)).encode()).hexdigest()[:32]


def hash_of(request: SaleRequest) -> str:
	"""The SHA-256 of a request's canonical JSON."""
	return sha256(request.text().encode()).hexdigest()


def add(invoice: NewInvoice) -> TaxDocument:
	"""Adds a row `Pending`, unless there is one with the same transaction ID. Commits.

	:returns: the row with this transaction ID.
	"""
	transaction = invoice.request.transactionId
	assert transaction
	name = in_transaction(partial(insert, content_values(invoice)))
	# In a transaction of its own: the first one may not see a row that another worker added meanwhile.
	row = find(transaction)
	assert row
	return replace(row, is_new=row.name == name)


def content_values(invoice: NewInvoice) -> dict[str, Any]:
	"""The values of a row that is to be booked."""
	request = invoice.request
	return {
		"merchant": invoice.merchant,
		"kind": invoice.kind,
		"status": PENDING,
		"transaction_id": request.transactionId,
		"reference_doctype": invoice.reference[0],
		"reference_name": invoice.reference[1],
		"document_number": request.documentNumber,
		"order_id": invoice.order_id,
		"document_date": request.documentDate,
		"currency": request.currency.isoCurrencyCodeAlpha,
		"request": request.text(),
		"request_hash": hash_of(request),
		"customer_code": code.value if (code := request.customer.customerCode) else None,
		"redaction": None,
		"quoted_tax": invoice.quoted_tax or 0,
		"attempts": 0,
	}


def values_without_content(
	merchant: str, reference: tuple[str, str], error: str, **values: Any
) -> dict[str, Any]:
	"""The values of a row that is to be booked and cannot be sent yet: it is `Failed`, as one that Vertex has
	refused.

	:param error: why.
	:param values: of the other fields.
	"""
	return {
		"merchant": merchant,
		"status": FAILED,
		"reference_doctype": reference[0],
		"reference_name": reference[1],
		"document_number": reference[1][-50:],
		"error": error,
		"attempts": 0,
		**values,
	}


def reversal_values(original: Any, posting_date: str) -> dict[str, Any]:
	"""The values of a row that takes a booked one back.

	:param original: the row, with all its fields.
	:param posting_date: `YYYY-MM-DD`.
	"""
	content = ReversalRequest(
		data=ReversalData(
			transactionId=f"{original.transaction_id}-R",
			postingDate=posting_date,
			documentNumber=original.document_number or None,
		)
	)
	text = write_json(content.model_dump(exclude_none=True), sort_keys=True)
	return {
		"merchant": original.merchant,
		"kind": REVERSAL,
		"status": PENDING,
		"transaction_id": content.data.transactionId,
		"reverses": original.name,
		"reference_doctype": original.reference_doctype,
		"reference_name": original.reference_name,
		"document_number": original.document_number,
		"document_date": posting_date,
		"currency": original.currency,
		"request": text,
		"request_hash": sha256(text.encode()).hexdigest(),
		"quoted_tax": -(original.quoted_tax or 0),
		"attempts": 0,
	}


def replace_content(name: str, invoice: NewInvoice) -> None:
	"""Gives a row that Vertex refused another content, unless it has another state by now. Commits."""

	def work() -> None:
		if frappe.db.get_value(DOCTYPE, name, "status", for_update=True) == FAILED:
			values = {**content_values(invoice), "status": FAILED}
			del values["attempts"]
			frappe.db.set_value(DOCTYPE, name, values)

	in_transaction(work)
