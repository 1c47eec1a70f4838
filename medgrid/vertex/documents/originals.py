"""What an original invoice was taxed with: a credit note is taxed with the same, so that a full return takes
back exactly what was charged. See docs/sales-tax.md, "What happens when".
"""

from dataclasses import dataclass, field
from typing import Any

import frappe

from medgrid.clients.vertex.wire import Customer, SaleLine, SaleRequest, Seller
from medgrid.vertex.booking.records import DOCTYPE
from medgrid.vertex.documents.scope import SALES_INVOICE


@dataclass(frozen=True)
class OriginalInvoice:
	"""The invoice that a credit note is for.

	:param document: the invoice.
	:param tax_date: its date, `YYYY-MM-DD`: the rates of that day count.
	:param customer: as it was sent to Vertex: exemption and address may have changed since. None: the
		invoice was not booked by MedGrid.
	:param lines: as they were sent, by the names of the invoice's rows.
	"""

	document: Any
	tax_date: str
	seller: Seller | None = None
	customer: Customer | None = None
	lines: dict[str, SaleLine] = field(default_factory=dict)

	def line_of(self, row) -> SaleLine | None:
		"""The line of the original that a row of the credit note is for."""
		return self.lines.get(row.get("sales_invoice_item") or "")

	@property
	def charge_class(self) -> str | None:
		"""The product class that the original's charges had; None: it had no charges, or was not booked."""
		goods = {row.name for row in self.document.items}
		for name, line in self.lines.items():
			if name not in goods:
				return (line.product and line.product.productClass) or ""
		return None


def original_of(document) -> OriginalInvoice | None:
	"""The original of a credit note; None: the document is none, or it has no original."""
	if document.doctype != SALES_INVOICE or not document.is_return or not document.return_against:
		return None
	if not frappe.db.exists(SALES_INVOICE, document.return_against):
		return None
	invoice = frappe.get_doc(SALES_INVOICE, document.return_against)
	tax_date = str(frappe.utils.getdate(invoice.posting_date))
	sent = _sent(invoice)
	if sent is None:
		return OriginalInvoice(invoice, tax_date)
	lines = {line.lineItemId: line for line in sent.lineItems if line.lineItemId}
	return OriginalInvoice(invoice, tax_date, sent.seller, sent.customer, lines)


def _sent(invoice) -> SaleRequest | None:
	if not invoice.get("vertex_transaction_id"):
		return None
	text = frappe.db.get_value(DOCTYPE, {"transaction_id": invoice.vertex_transaction_id}, "request")
	return SaleRequest.from_text(text) if text else None
