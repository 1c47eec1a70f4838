"""A vendor's products as a CSV file."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from frappe import _

from medgrid.integrations.vendor_products import states
from medgrid.integrations.vendor_products.listing import Selection, page

# The most variants in a file, and how many are read together.
MOST, TOGETHER = 20_000, 500
# Spreadsheets take a file for UTF-8 if it begins with this mark.
MARK = "\ufeff"


def product_file(selection: Selection) -> str:
	"""The products of a selection as the text of a CSV file, by title, up to MOST of them."""
	file = io.StringIO()
	writer = csv.writer(file)
	heads = _("Product"), _("Variant"), _("SKU"), _("State"), _("Reason"), _("Item"), _("Item name")
	writer.writerow((*heads, _("Price"), _("Currency"), _("In stock"), _("In Shopify"), _("Shop")))
	words, shop_words = states.words(), states.shop_words()
	for entry in _entries(selection):
		writer.writerow(
			(
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
		)
	return MARK + file.getvalue()


def _entries(selection: Selection) -> Iterator[dict[str, Any]]:
	for offset in range(0, MOST, TOGETHER):
		entries = page(selection, offset=offset, rows=TOGETHER)
		yield from entries
		if len(entries) < TOGETHER:
			return
