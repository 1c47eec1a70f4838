"""The RPCs about taxes: of a shop's sale, and of ERPNext's documents. See `install_rpc`."""

import frappe

from medgrid.api.parameters import DocumentName
from medgrid.api.responses import JsonObject
from medgrid.api.vertex.operation import operation
from medgrid.http_client.json_reader import JsonLimits
from medgrid.vertex import volume
from medgrid.vertex.access.callers import (
	current_caller,
	read_shop,
	require_accountant,
	require_person,
	shop_for,
)
from medgrid.vertex.booking import retrying
from medgrid.vertex.calculation.calculate import Calculating, read_request
from medgrid.vertex.contract.parameters import Booked, Taxed
from medgrid.vertex.documents import on_request, submitting
from medgrid.vertex.merchants.accounts import Stopwatch, account_of_shop

# 1,000 lines with an address each, and their names.
TAX_LIMITS = JsonLimits(max_depth=20, max_elements=60_000)


def _calculate() -> JsonObject:
	"""Calculates the taxes of a sale at Vertex; an INVOICE is booked there, once.

	See docs/api.md, `shopify_tax_calculate`.
	"""
	body = {name: value for name, value in frappe.local.form_dict.items() if name != "cmd"}
	written = body.pop("shop", None)
	named = read_shop(written if written is None or isinstance(written, str) else "")
	request = read_request(body)
	domain = shop_for(current_caller(), named)
	stopwatch = Stopwatch()
	try:
		return JsonObject(Calculating(account_of_shop(domain), request, stopwatch).answer().encoded())
	finally:
		volume.count(volume.INVOICE if request.is_invoice else volume.QUOTATION, stopwatch.seconds)


shopify_tax_calculate = operation("shopify_tax_calculate", max_kilobytes=1024, limits=TAX_LIMITS)(_calculate)
# Contract B has both names for it.
calculate_taxes = operation("calculate_taxes", max_kilobytes=1024, limits=TAX_LIMITS)(_calculate)


@operation()
def quote_document(doctype: Taxed, name: DocumentName) -> dict:
	"""Asks Vertex anew about a draft, and saves it. See docs/api.md, "Taxes".

	:returns: `doctype`, `name`, `totalTax` in the document's currency, `status`: `Quoted`, or `Out of Date`
		if Vertex could not be asked.
	"""
	require_person()
	document = on_request.quote(doctype, name)
	total, status = document.vertex_total_tax or 0, document.vertex_status
	return {"doctype": doctype, "name": document.name, "totalTax": total, "status": status}


@operation()
def retry_document(doctype: Booked, name: DocumentName) -> dict:
	"""Sends the booking of a document again that waits or that Vertex refused. See docs/api.md, "Taxes".

	:param doctype: the document's, or Vertex Tax Document.
	:returns: `name` and `status` of the Vertex Tax Document.
	"""
	require_accountant()
	booking, status = retrying.retry(doctype, name, submitting.renew)
	return {"name": booking, "status": status}
