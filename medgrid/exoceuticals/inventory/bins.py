"""The mirror: Bins of one warehouse that show what the store has.

They are written past the stock ledger on purpose: the contract wants the store's quantities mirrored into
Bins, and the goods are the store's, with no value in the company's books. Receipts and deliveries of one's
own do not belong into that warehouse: ERPNext would count them against a quantity that its ledger does not
know.

Contract: "sync_inventory" ("mirrors quantities into the Exoceuticals warehouse Bin records").
"""

from collections.abc import Mapping

import frappe
from pypika import Case

from medgrid.core.bulk import insert_rows

DOCTYPE = "Bin"
# ERPNext's Bin.set_projected_qty: what is there and will come, less what is promised.
EXPECTED = ("ordered_qty", "indented_qty", "planned_qty")
PROMISED = (
	"reserved_qty",
	"reserved_qty_for_production",
	"reserved_qty_for_sub_contract",
	"reserved_qty_for_production_plan",
)


class WarehouseMirror:
	"""
	:param warehouse: the name of a warehouse that holds nothing else.
	"""

	def __init__(self, warehouse: str):
		self.warehouse = warehouse

	def write(self, stock: Mapping[str, tuple[int, str]]) -> None:
		"""Makes the Bins hold these quantities. Only what differs is written; the caller commits.

		:param stock: quantity and stock UOM by Item.
		"""
		present = self._quantities(list(stock))
		self._make({item: uom for item, (_quantity, uom) in stock.items() if item not in present})
		changes = {
			item: quantity for item, (quantity, _uom) in stock.items() if present.get(item, 0) != quantity
		}
		if changes:
			self._set(changes)

	def has_own_stock(self) -> bool:
		"""Whether documents of ERPNext have moved stock in or out of the warehouse."""
		filters = {"warehouse": self.warehouse, "is_cancelled": 0}
		return bool(frappe.db.exists("Stock Ledger Entry", filters))

	def _quantities(self, items: list[str]) -> dict[str, float]:
		filters = {"warehouse": self.warehouse, "item_code": ("in", items)}
		rows = frappe.get_all(DOCTYPE, filters=filters, fields=["item_code", "actual_qty"])
		return {row.item_code: row.actual_qty for row in rows}

	def _make(self, uoms: Mapping[str, str]) -> None:
		"""In bulk: one by one, as documents, 100,000 of them would take longer than Shopify's rate limit
		does. If another process inserts the same Bin, it is kept."""
		rows = [
			{"item_code": item, "warehouse": self.warehouse, "stock_uom": uom} for item, uom in uoms.items()
		]
		insert_rows(DOCTYPE, rows, ignore_duplicates=True)

	def _set(self, quantities: Mapping[str, int]) -> None:
		"""In one statement, so that a reservation made at this moment stays in the projected quantity."""
		bins, quantity = frappe.qb.DocType(DOCTYPE), Case()
		for item, number in quantities.items():
			quantity = quantity.when(bins.item_code == item, number)
		expected = sum((bins[name] for name in EXPECTED), quantity)
		for name in PROMISED:
			expected = expected - bins[name]
		is_one = (bins.warehouse == self.warehouse) & bins.item_code.isin(list(quantities))
		query = frappe.qb.update(bins).set(bins.projected_qty, expected).set(bins.actual_qty, quantity)
		query.set(bins.modified, frappe.utils.now()).where(is_one).run()
