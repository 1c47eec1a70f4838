"""Quantities that no answer of Shopify replaces any more: those of Items that are no longer linked, and those
in the warehouse that was the store's mirror before. They go to 0.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import frappe

from medgrid.core.bulk import chunks, update_rows
from medgrid.core.transactions import in_transaction
from medgrid.exoceuticals.catalog.links import INVENTORY_ITEM
from medgrid.exoceuticals.inventory.bins import WarehouseMirror
from medgrid.exoceuticals.inventory.quantities import QUANTITY, linked_items
from medgrid.sync import history
from medgrid.sync.job import Job


def zero_previous_warehouse(job: Job, mirror: WarehouseMirror) -> None:
	"""Sets the Bins of the warehouse that was the mirror before to 0, if another one is the mirror now.

	:param job: whose runs say which warehouse they wrote.
	"""
	previous = history.last_counts(job).get("warehouse")
	if not previous or previous == mirror.warehouse or not frappe.db.exists("Warehouse", previous):
		return
	after = ""
	while items := linked_items(after):
		zeros = {item.name: (0, item.stock_uom) for item in items}
		in_transaction(partial(WarehouseMirror(previous).write, zeros))
		after = items[-1].name


def zero_unlinked_items(mirror: WarehouseMirror) -> None:
	"""Sets Items that were mirrored and are no longer linked to 0."""
	item = frappe.qb.DocType("Item")
	is_unlinked = (item[QUANTITY] != 0) & (item[INVENTORY_ITEM].isnull() | (item[INVENTORY_ITEM] == ""))
	left = frappe.qb.from_(item).select(item.name, item.stock_uom).where(is_unlinked).run(as_dict=True)
	for rows in chunks(left):
		in_transaction(partial(_write_zeros, mirror, rows))
		for row in rows:
			frappe.clear_document_cache("Item", row.name)


def _write_zeros(mirror: WarehouseMirror, rows: Sequence[Any]) -> None:
	update_rows("Item", {row.name: {QUANTITY: 0} for row in rows})
	mirror.write({row.name: (0, row.stock_uom) for row in rows})
