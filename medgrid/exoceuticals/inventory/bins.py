"""Mirrors the store's quantities in the Bins of one warehouse.

It writes the Bins without Stock Ledger Entries, because the contract requires the store's quantities in Bins,
and the goods belong to the store and have no value in the company's accounts. The warehouse must not be used
for receipts and deliveries: ERPNext would compute their quantities without the store's stock.

Contract: "sync_inventory" ("mirrors quantities into the Exoceuticals warehouse Bin records").
"""

from collections.abc import Mapping

import frappe
from pypika import Case

from medgrid.core.bulk import insert_rows

DOCTYPE = "Bin"
# As in ERPNext's Bin.set_projected_qty: the actual quantity plus EXPECTED minus PROMISED.
EXPECTED = ("ordered_qty", "indented_qty", "planned_qty")
PROMISED = (
	"reserved_qty",
	"reserved_qty_for_production",
	"reserved_qty_for_sub_contract",
	"reserved_qty_for_production_plan",
)


class WarehouseMirror:
	"""The Bins of the warehouse that mirrors the store.

	:param warehouse: the name of a warehouse that has no other stock.
	"""

	def __init__(self, warehouse: str):
		self.warehouse = warehouse

	def write(self, stock: Mapping[str, tuple[int, str]]) -> None:
		"""Sets the quantities of Bins. It writes only those that differ. The caller commits.

		:param stock: for each Item the quantity, in its stock UOM, and the stock UOM.
		"""
		present = self._quantities(list(stock))
		self._create({item: uom for item, (_quantity, uom) in stock.items() if item not in present})
		changes = {
			item: quantity for item, (quantity, _uom) in stock.items() if present.get(item, 0) != quantity
		}
		if changes:
			self._set(changes)

	def has_own_stock(self) -> bool:
		"""Whether the warehouse has Stock Ledger Entries."""
		filters = {"warehouse": self.warehouse, "is_cancelled": 0}
		return bool(frappe.db.exists("Stock Ledger Entry", filters))

	def _quantities(self, items: list[str]) -> dict[str, float]:
		filters = {"warehouse": self.warehouse, "item_code": ("in", items)}
		rows = frappe.get_all(DOCTYPE, filters=filters, fields=["item_code", "actual_qty"])
		return {row.item_code: row.actual_qty for row in rows}

	def _create(self, uoms: Mapping[str, str]) -> None:
		"""Inserts Bins in bulk: inserting 100,000 as documents would take longer than the requests to
		Shopify. If another process inserts the same Bin, it is kept."""
		rows = [
			{"item_code": item, "warehouse": self.warehouse, "stock_uom": uom} for item, uom in uoms.items()
		]
		insert_rows(DOCTYPE, rows, ignore_duplicates=True)

	def _set(self, quantities: Mapping[str, int]) -> None:
		"""Updates Bins in one statement, so that a concurrent reservation stays in the projected quantity."""
		bins, quantity = frappe.qb.DocType(DOCTYPE), Case()
		for item, number in quantities.items():
			quantity = quantity.when(bins.item_code == item, number)
		expected = sum((bins[name] for name in EXPECTED), quantity)
		for name in PROMISED:
			expected = expected - bins[name]
		is_one = (bins.warehouse == self.warehouse) & bins.item_code.isin(list(quantities))
		query = frappe.qb.update(bins).set(bins.projected_qty, expected).set(bins.actual_qty, quantity)
		query.set(bins.modified, frappe.utils.now()).where(is_one).run()
