"""RPC: a vendor's own products, as the last pull of their Shopify catalog saw them.

Every function works on the products of the caller's own Supplier; no parameter can select another vendor's.
"""

import frappe

from medgrid.api.endpoint import endpoint
from medgrid.api.paging import DEFAULT_PAGE_LENGTH, total_of_last_page
from medgrid.api.parameters import Offset, PageLength, SearchText
from medgrid.api.responses import csv_file
from medgrid.integrations.suppliers import supplier_of
from medgrid.integrations.vendor_products import listing
from medgrid.integrations.vendor_products.listing import ProductFilter
from medgrid.integrations.vendor_products.product_file import product_file
from medgrid.integrations.vendor_products.states import ProductState


@endpoint("GET", vendors=True)
def list_products(
	state: ProductState | None = None,
	query: SearchText | None = None,
	limit_start: Offset = 0,
	limit_page_length: PageLength = DEFAULT_PAGE_LENGTH,
) -> dict:
	"""Lists the variants of the caller's products, by the product's title.

	:param state: one of the states of docs/api.md; not given: all that the shop has.
	:param query: only variants whose title, product's title or SKU contains it.
	:returns: `products`, see `listing.page`; `total`, their number without paging; `counts`, the numbers of
		the vendor's variants in each state; `user`.
	:raises InvalidInput: a parameter is wrong (400).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	user = frappe.session.user
	selection = ProductFilter(supplier_of(user), state, query)
	counts = listing.counts(selection.supplier)
	found = listing.page(selection, offset=limit_start, rows=limit_page_length)
	# Counting what a search finds reads all that the vendor has.
	total = total_of_last_page(limit_start, limit_page_length, len(found))
	return {
		"products": found,
		"total": listing.total(selection, counts) if total is None else total,
		"counts": counts,
		"user": user,
	}


@endpoint("GET", vendors=True)
def export_products(state: ProductState | None = None, query: SearchText | None = None) -> None:
	"""The caller's products as a CSV file, by title, at most 20,000 variants.

	:param state: as in `list_products`.
	:param query: as in `list_products`.
	:raises InvalidInput: a parameter is wrong (400).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	csv_file("products", product_file(ProductFilter(supplier_of(frappe.session.user), state, query)))
