"""Gives the parcels of an order to the order that amends it."""

import json
from collections.abc import Mapping

import frappe

from medgrid.integrations.shipstation.parcels.reading import RECORD, ROW


def rename_rows(record: str, rows: Mapping[str, str]) -> None:
	"""Renames the rows of an order in its parcels, which are on none of its Delivery Notes yet. The caller
	commits.

	:param record: the name of the ShipStation Order.
	:param rows: row of the original -> row of the amended order; the original's other rows keep their names.
	"""
	key = {"parent": record, "parenttype": RECORD}
	for parcel in frappe.get_all(ROW, key, ["name", "quantities"]):
		inside = json.loads(parcel.quantities or "{}")
		renamed = {rows.get(name, name): quantity for name, quantity in inside.items()}
		values = {
			"quantities": json.dumps(renamed, sort_keys=True) if renamed else None,
			"delivery_note": None,
			"noted_number": None,
		}
		frappe.db.set_value(ROW, parcel.name, values, update_modified=False)
