"""Builds the request to Vertex for a document of ERPNext. See docs/sales-tax.md, "What is sent" and "What
happens when"."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import frappe
from frappe import _
from pydantic import ValidationError

from medgrid.clients.vertex.wire import (
	MAX_LINES,
	Currency,
	Customer,
	CustomerCode,
	ExemptionCertificate,
	Location,
	SaleRequest,
	Seller,
)
from medgrid.exceptions import RuleViolated
from medgrid.orders.reader import exact
from medgrid.vertex.documents.addresses import Origins, destination_of, location_of, origin_address_of
from medgrid.vertex.documents.lines import Charge, Goods, name_of, sale_lines
from medgrid.vertex.documents.net_amounts import sold_rows
from medgrid.vertex.documents.originals import original_of
from medgrid.vertex.documents.product_classes import ProductClasses
from medgrid.vertex.documents.scope import SALES_INVOICE, Scope, customer_of

MAX_NUMBER = 50
# What a charge comes to in the end.
CHARGED = "tax_amount_after_discount_amount"
_CUSTOMER = (
	"customer_type",
	"vertex_customer_code",
	"vertex_customer_class",
	"vertex_tax_exempt",
	"vertex_exemption_certificate",
)


def quotation_of(document, scope: Scope) -> SaleRequest:
	"""The QUOTATION of a document whose net amounts are final.

	:raises RuleViolated: an address lacks something, or the document cannot be sent as it is; the sentence
		says what.
	"""
	try:
		return _Building(document, scope).request()
	except ValidationError as error:
		place = ".".join(str(part) for part in error.errors()[0]["loc"])
		sentence = _("The document cannot be sent to Vertex: {0} has a value that Vertex does not take.")
	raise RuleViolated(sentence.format(place))


def invoice_of(document, quotation: SaleRequest, transaction_id: str) -> SaleRequest:
	"""The INVOICE of a stored document, with the content of its quotation and the names of its rows."""
	rows = [*sold_rows(document), *(row for row in charge_rows(document) if money(row, CHARGED))]
	lines = [
		line.model_copy(update={"lineItemId": row.name})
		for line, row in zip(quotation.lineItems, rows, strict=True)
	]
	changes = {"saleMessageType": "INVOICE", "transactionId": transaction_id, "lineItems": lines}
	return quotation.model_copy(update=changes)


def charge_rows(document) -> list[Any]:
	"""The rows of `taxes` that are not MedGrid's."""
	return [row for row in document.taxes if not row.get("vertex_level")]


class _Building:
	def __init__(self, document, scope: Scope):
		self.document, self.scope = document, scope
		self.original = original_of(document)
		self.origins = Origins(self._addressed)

	def request(self) -> SaleRequest:
		document = self.document
		if len(sold_rows(document)) > MAX_LINES:
			raise RuleViolated(_("A document with more than {0} rows cannot be taxed.").format(MAX_LINES))
		is_invoice = document.doctype == SALES_INVOICE
		date = document.posting_date if is_invoice else document.transaction_date
		day = str(frappe.utils.getdate(date))
		seller = self._seller()
		return SaleRequest(
			saleMessageType="QUOTATION",
			documentNumber=document.name[-MAX_NUMBER:] if document.name else None,
			documentDate=day,
			postingDate=day if is_invoice else None,
			currency=Currency(isoCurrencyCodeAlpha=document.currency),
			seller=seller,
			customer=self._customer(seller.physicalOrigin),
			lineItems=sale_lines(
				self._goods(seller.physicalOrigin),
				self._charges(),
				charge_class=self.scope.settings.shipping_product_class,
				is_included=self.scope.prices_include_tax,
			),
		)

	@property
	def _addressed(self) -> Any:
		"""The document whose addresses count."""
		return self.original.document if self.original else self.document

	def _seller(self) -> Seller:
		sent = self.original and self.original.seller
		if sent and sent.physicalOrigin:
			origin, administrative = sent.physicalOrigin, sent.administrativeOrigin
		else:
			origin, administrative = self._origins()
		return Seller(
			company=self.scope.company_code,
			division=self.scope.division,
			department=self.scope.department,
			physicalOrigin=origin,
			administrativeOrigin=administrative,
		)

	def _origins(self) -> tuple[Location, Location | None]:
		addressed = self._addressed
		name = addressed.get("company_address")
		administrative = location_of(name) if name else None
		# A document whose rows all ship from one warehouse ships from there.
		places = {self.origins.of_row(row) for row in sold_rows(addressed)}
		if len(places) == 1 and (only := places.pop()):
			return only, administrative
		origin = origin_address_of(addressed, self.scope)
		# Most ship from the company's address, which was read already.
		return (administrative if administrative and origin == name else location_of(origin)), administrative

	def _customer(self, origin: Location | None) -> Customer:
		if self.original and self.original.customer:
			return self.original.customer
		destination = destination_of(self._addressed, origin)
		name = customer_of(self.document)
		if name is None:
			return Customer(
				customerCode=CustomerCode(value=name_of(self.document.party_name)), destination=destination
			)
		row = frappe.db.get_value("Customer", name, _CUSTOMER, as_dict=True) or frappe._dict()
		certificate = (row.vertex_exemption_certificate or "").strip()[:30]
		return Customer(
			customerCode=CustomerCode(
				value=name_of(row.vertex_customer_code) or name_of(name),
				classCode=name_of(row.vertex_customer_class),
				isBusinessIndicator=row.customer_type != "Individual",
			),
			isTaxExempt=True if row.vertex_tax_exempt else None,
			exemptionCertificate=(
				ExemptionCertificate(exemptionCertificateNumber=certificate) if certificate else None
			),
			destination=destination,
		)

	def _goods(self, document_origin: Location | None) -> list[Goods]:
		classes = ProductClasses()
		sold = sold_rows(self.document)
		classes.load([row.item_code for row in sold if row.item_code])
		return [self._goods_of(row, classes, document_origin) for row in sold]

	def _goods_of(self, row: Any, classes: ProductClasses, document_origin: Location | None) -> Goods:
		sent = self.original.line_of(row) if self.original else None
		if sent:
			origin = sent.seller.physicalOrigin if sent.seller else None
			product_class = (sent.product and sent.product.productClass) or ""
		else:
			origin = self.origins.of_row(row)
			product_class = classes.of(row.item_code) if row.item_code else ""
		return Goods(
			row=None,
			product=row.item_code or row.item_name or row.description or "",
			product_class=product_class,
			quantity=exact(row.qty),
			amount=money(row, "net_amount"),
			origin=origin if origin != document_origin else None,
			tax_date=self._tax_date,
		)

	def _charges(self) -> list[Charge]:
		return [
			Charge(
				row=None,
				title=row.description or row.account_head or "",
				amount=money(row, CHARGED),
				tax_date=self._tax_date,
				product_class=self.original.charge_class if self.original else None,
			)
			for row in charge_rows(self.document)
		]

	@property
	def _tax_date(self) -> str | None:
		return self.original.tax_date if self.original else None


def money(row: Any, fieldname: str) -> Decimal:
	"""An amount of a row, exactly as ERPNext rounds it."""
	places = row.precision(fieldname) or 0
	return exact(row.get(fieldname)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
