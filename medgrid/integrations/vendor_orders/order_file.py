"""A vendor's orders as a CSV file."""

from typing import Any

from frappe import _

from medgrid.integrations.csv_pages import csv_text
from medgrid.integrations.vendor_orders import words
from medgrid.integrations.vendor_orders.listing import page
from medgrid.integrations.vendor_orders.selection import OrderFilter


def order_file(selection: OrderFilter) -> str:
	"""The orders of a selection as the text of a CSV file, newest first; see `csv_text` for how many."""
	heads = (
		_("Sales Order"),
		_("Status"),
		_("Since (UTC)"),
		_("Reason"),
		_("Who acts"),
		_("Attempts"),
		_("Next attempt (UTC)"),
		_("Sent (UTC)"),
		_("ShipStation order"),
		_("Tracking numbers"),
		_("Carriers"),
		_("Delivery Note"),
		_("Items"),
	)
	states, parties = words.states(), words.parties()

	def row(entry: dict[str, Any]) -> tuple:
		parcels = [parcel for parcel in entry["parcels"] if not parcel["voided"]]
		return (
			entry["sales_order"],
			states[entry["state"]],
			entry["since"] or "",
			entry["reason"] or "",
			parties[entry["who_acts"]],
			entry["attempts"],
			entry["next_attempt_at"] or "",
			entry["sent_at"] or "",
			entry["shipstation_order_id"] or "",
			", ".join(parcel["tracking_number"] for parcel in parcels),
			", ".join(dict.fromkeys(parcel["carrier"] or "" for parcel in parcels)),
			entry["delivery_note"] or "",
			", ".join(f"{item['qty']:g} × {item['item_code']}" for item in entry["items"]),
		)

	return csv_text(heads, lambda offset, rows: page(selection, offset=offset, rows=rows), row)
