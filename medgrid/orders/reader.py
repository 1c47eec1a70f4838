"""Reads a Sales Order, with its addresses, Items and shippers, into `sales_order.SalesOrder`."""

from dataclasses import replace
from decimal import Decimal

import frappe
from frappe.utils import getdate

from medgrid.orders.address import PostalAddress, postal_address
from medgrid.orders.contact import first_email
from medgrid.orders.content import Content
from medgrid.orders.lines import ONE, BundlePart, OrderLine, in_stock_uom, row_amounts
from medgrid.orders.money import decimal_places
from medgrid.orders.sales_order import SalesOrder
from medgrid.orders.shippers import contents_of, left_to_deliver, shippers_of
from medgrid.orders.taxes import OrderTaxes, TaxedRow, from_text

ADDRESS_FIELDS = ("address_line1", "address_line2", "city", "state", "pincode", "country", "phone")


def read(document, *, ships_to_customer_address: bool) -> SalesOrder:
	"""Reads a Sales Order.

	:param document: a Sales Order document.
	:param ships_to_customer_address: whether an order without a shipping address is sent to the customer's
		address.
	"""
	shipping = document.shipping_address_name
	falls_back = bool(not shipping and ships_to_customer_address and document.customer_address)
	if falls_back:
		shipping = document.customer_address
	return SalesOrder(
		name=document.name,
		date=getdate(document.transaction_date),
		currency=document.currency,
		total=_total(document),
		customer=_customer(document),
		lines=_lines(document),
		email=first_email(document.contact_email),
		phones=_filled(document.contact_mobile, document.contact_phone),
		po_number=document.po_no or None,
		shipping_address=shipping or "",
		ships_to_customer_address=falls_back,
		shipping=_address(shipping, document),
		billing=_address(document.customer_address, document),
		taxes=_taxes(document),
	)


def exact(value: float | int | str | None) -> Decimal:
	"""Converts a Frappe float to the decimal number that was entered."""
	return Decimal(str(value or 0))


def renamed_items(sent: Content, now: Content) -> set[str]:
	"""The Items of rows that were sent that have other names now, or were merged with others."""
	items = {row.item for row in sent.rows.values()} - {row.item for row in now.rows.values()}
	return (
		items - set(frappe.get_all("Item", {"name": ("in", list(items))}, pluck="name")) if items else set()
	)


def _customer(document) -> str:
	return document.customer_name or document.customer


def _company(document) -> str:
	"""The customer's name, unless the customer is a person: that one would be on a label twice."""
	# Not from the cache, which another worker may just have filled with what it was before.
	kind = frappe.db.get_value("Customer", document.customer, "customer_type")
	return "" if kind == "Individual" else _customer(document)


def _recipient(document) -> str:
	"""The contact person, else the customer."""
	person = (document.contact_display or "").strip()
	if not person and document.contact_person:
		names = frappe.db.get_value("Contact", document.contact_person, ["first_name", "last_name"])
		person = " ".join(filter(None, names or ()))
	return " ".join(person.split()) or _customer(document)


def _filled(*texts: str | None) -> tuple[str, ...]:
	return tuple(text for text in texts if text)


def _address(name: str | None, document) -> PostalAddress | None:
	if not name:
		return None
	row = frappe.db.get_value("Address", name, ADDRESS_FIELDS, as_dict=True)
	if not row:
		return None
	return postal_address(
		name=name,
		recipient=_recipient(document),
		company=_company(document),
		street=row.address_line1,
		street2=row.address_line2,
		city=row.city,
		state=row.state,
		postal_code=row.pincode,
		country=row.country,
		country_code=frappe.get_cached_value("Country", row.country, "code") if row.country else None,
		phones=(row.phone, document.contact_mobile, document.contact_phone),
	)


def _total(document) -> Decimal:
	"""What the customer pays: the rounded total if the document has one, be it zero."""
	is_rounded = document.rounded_total or document.rounding_adjustment
	return exact(document.rounded_total if is_rounded else document.grand_total)


def _lines(document) -> tuple[OrderLine, ...]:
	shippers = shippers_of(document)
	places = document.precision("stock_qty", "items")
	lost = exact(10 ** -document.precision("delivered_qty", "items")) / 2
	contents = contents_of({row.item_code for row in document.items})
	lines = (
		_line(row, amount, shippers.get(row.name), places, lost)
		for row, amount in zip(document.items, _amounts(document), strict=True)
	)
	return tuple(replace(line, parts=_parts(contents.get(line.item, []))) for line in lines)


def _parts(rows: list) -> tuple[BundlePart, ...]:
	return tuple(BundlePart(row.item_code, exact(row.qty), row.uom or "") for row in rows)


def _taxes(document) -> OrderTaxes:
	"""The taxes of an order: what Vertex says, if it taxes the order, else the rows that book to an account
	of the type Tax. A charge, such as freight, is no tax."""
	rows = document.get("taxes") or []
	if document.get("vertex_status"):
		return OrderTaxes(
			of_lines=from_text(document.vertex_line_taxes),
			are_included=any(row.vertex_level == "Included" for row in rows),
		)
	accounts = {row.account_head for row in rows if row.account_head}
	filters = {"name": ("in", list(accounts)), "account_type": "Tax"}
	taxing = set(frappe.get_all("Account", filters, pluck="name")) if accounts else set()
	found = tuple(
		TaxedRow(
			row.description or row.account_head,
			exact(row.tax_amount_after_discount_amount),
			bool(row.included_in_print_rate),
		)
		for row in rows
		if row.account_head in taxing and row.tax_amount_after_discount_amount
	)
	return OrderTaxes(rows=found, are_included=bool(found) and all(row.is_included for row in found))


def _amounts(document) -> list[Decimal]:
	"""What the customer pays for each row; see `row_amounts`."""
	taxes = document.get("taxes") or []
	on_top = sum(
		(exact(tax.tax_amount_after_discount_amount) for tax in taxes if not tax.included_in_print_rate),
		Decimal(),
	)
	return row_amounts(
		[exact(row.amount) for row in document.items],
		[exact(row.net_amount) for row in document.items],
		goods_total=exact(document.grand_total) - on_top,
		discounted=bool(document.discount_amount),
		taxes_included=any(tax.included_in_print_rate for tax in taxes),
		places=decimal_places(document.currency),
	)


def _line(row, amount: Decimal, shipper: str | None, places: int, lost: Decimal) -> OrderLine:
	"""
	:param lost: by how much ERPNext may have rounded the quantity that is delivered, in the UOM of the sale.
	"""
	factor = exact(row.conversion_factor) or ONE
	ordered, left = in_stock_uom(exact(row.qty), factor, places), left_to_deliver(row)
	gone = in_stock_uom(exact(row.qty) - left, factor, places, lost=lost)
	weight, weight_uom = _weight(row)
	return OrderLine(
		row=row.name,
		number=row.idx,
		item=row.item_code,
		item_name=row.item_name,
		ordered=ordered,
		quantity=ordered - gone,
		amount=amount,
		net_amount=exact(row.net_amount),
		open_in_uom=left,
		uom=row.uom,
		stock_uom=row.stock_uom,
		factor=factor,
		weight=exact(weight),
		weight_uom=weight_uom,
		shipper=shipper,
	)


def _weight(row) -> tuple[float, str | None]:
	"""The weight of one stock UOM and its unit: from the row if ERPNext has written it there, else from the
	Item."""
	if row.weight_per_unit:
		return row.weight_per_unit, row.weight_uom
	return frappe.get_cached_value("Item", row.item_code, ["weight_per_unit", "weight_uom"])
