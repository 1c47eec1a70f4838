"""A vendor's products as a CSV file."""

from typing import Any

from frappe import _

from medgrid.integrations.csv_pages import csv_text
from medgrid.integrations.vendor_products import states
from medgrid.integrations.vendor_products.listing import ProductFilter, page


def product_file(selection: ProductFilter) -> str:
	"""The products of a selection as the text of a CSV file, by title; see `csv_text` for how many."""
	first = _("Product"), _("Variant"), _("SKU"), _("State"), _("Reason"), _("Item"), _("Item name")
	heads = (*first, _("Price"), _("Currency"), _("In stock"), _("In Shopify"), _("Shop"))
	words, shop_words = states.words(), states.shop_words()

	def row(entry: dict[str, Any]) -> tuple:
		return (
			entry["product"],
			entry["variant"] or "",
			entry["sku"] or "",
			words[entry["state"]],
			entry["reason"] or "",
			entry["item"] or "",
			entry["item_name"] or "",
			"" if entry["price"] is None else entry["price"],
			entry["currency"] or "",
			entry["available_qty"],
			shop_words.get(entry["shop_status"], entry["shop_status"]),
			entry["shop"],
		)

	return csv_text(heads, lambda offset, rows: page(selection, offset=offset, rows=rows), row)
