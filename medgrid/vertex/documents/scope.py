"""Which documents of ERPNext are taxed, and with which merchant. See
docs/adr/0049-quoted-before-validation.md."""

from dataclasses import dataclass

import frappe

from medgrid.vertex.documents.net_amounts import sold_rows
from medgrid.vertex.documents.rows import INCLUDED
from medgrid.vertex.merchants.fields import COMPLETE, DOCTYPE
from medgrid.vertex.settings import VertexSettings, vertex_settings

QUOTATION, SALES_ORDER, SALES_INVOICE = "Quotation", "Sales Order", "Sales Invoice"
DOCTYPES = (QUOTATION, SALES_ORDER, SALES_INVOICE)
# While the site itself changes, nobody outside is asked.
_SITE_CHANGES = ("in_migrate", "in_patch", "in_install", "in_uninstall")
_FIELDS = (
	"name",
	"company_code",
	"division",
	"department",
	"tax_account",
	"cost_center",
	"prices_include_tax",
	"origin_address",
)


@dataclass(frozen=True)
class Scope:
	"""A taxed document's merchant.

	:param merchant: the name of the Vertex Merchant.
	:param company_code: the seller at Vertex, and so are division and department.
	:param origin_address: from where the merchant ships if nothing else is known; the name of an Address.
	"""

	merchant: str
	company_code: str
	division: str | None
	department: str | None
	tax_account: str
	cost_center: str | None
	prices_include_tax: bool
	origin_address: str | None
	settings: VertexSettings


def scope_of(document) -> Scope | None:
	"""The merchant with which a document is taxed; None: it is left exactly as ERPNext makes it."""
	if any(frappe.flags.get(flag) for flag in _SITE_CHANGES) or not _is_taxable(document):
		return None
	row = frappe.db.get_value(
		DOCTYPE, {"company": document.company, "enabled": 1, "status": COMPLETE}, _FIELDS, as_dict=True
	)
	if not row or not row.tax_account:
		return None
	settings = vertex_settings()
	if not is_quoted(document.doctype, settings):
		return None
	return Scope(
		merchant=row.name,
		company_code=row.company_code,
		division=row.division or None,
		department=row.department or None,
		tax_account=row.tax_account,
		cost_center=row.cost_center or None,
		prices_include_tax=_includes_tax(document, bool(row.prices_include_tax)),
		origin_address=row.origin_address or None,
		settings=settings,
	)


def _includes_tax(document, now: bool) -> bool:
	"""Whether a document's prices include the tax: those of a credit note do, if its original's did.

	:param now: whether the merchant's do at this time.
	"""
	original = document.get("is_return") and document.get("return_against")
	if not (original and frappe.db.get_value(SALES_INVOICE, original, "vertex_total_tax")):
		return now
	row = {"parent": original, "parenttype": SALES_INVOICE, "vertex_level": INCLUDED}
	return bool(frappe.db.exists("Sales Taxes and Charges", row))


def is_quoted(doctype: str, settings: VertexSettings) -> bool:
	"""Whether the settings say that documents of a DocType are taxed."""
	return {
		QUOTATION: settings.quote_quotations,
		SALES_ORDER: settings.quote_sales_orders,
		SALES_INVOICE: settings.quote_sales_invoices,
	}[doctype]


def _is_taxable(document) -> bool:
	return bool(
		document.company
		and document.get("items")
		and sold_rows(document)
		and document.get("is_opening") != "Yes"
		and not document.get("is_consolidated")
		and not _is_internal(document)
	)


def _is_internal(document) -> bool:
	"""Whether the sale is to another company of the same books. A new document may not say so yet."""
	if document.get("is_internal_customer"):
		return True
	customer = customer_of(document)
	if not customer or not frappe.get_meta("Customer").has_field("is_internal_customer"):
		return False
	return bool(frappe.db.get_value("Customer", customer, "is_internal_customer"))


def customer_of(document) -> str | None:
	"""The customer of a document; None: the Quotation is for a Lead or a Prospect."""
	if document.doctype == QUOTATION:
		return document.party_name if document.quotation_to == "Customer" else None
	return document.customer
