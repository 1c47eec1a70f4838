"""A vendor's orders as a CSV file."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from frappe import _

from medgrid.integrations.vendor_orders import words
from medgrid.integrations.vendor_orders.listing import page
from medgrid.integrations.vendor_orders.selection import Selection

# The most orders in a file, and how many are read together.
MOST, TOGETHER = 20_000, 500
# Spreadsheets take a file for UTF-8 if it begins with this mark.
MARK = "\ufeff"


def order_file(selection: Selection) -> str:
	"""The orders of a selection as the text of a CSV file, newest first, up to MOST of them."""
	file = io.StringIO()
	writer = csv.writer(file)
	writer.writerow(
		(
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
	)
	states, parties = words.states(), words.parties()
	for entry in _entries(selection):
		parcels = [parcel for parcel in entry["parcels"] if not parcel["voided"]]
		writer.writerow(
			(
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
				", ".join(f"{row['qty']:g} × {row['item_code']}" for row in entry["items"]),
			)
		)
	return MARK + file.getvalue()


def _entries(selection: Selection) -> Iterator[dict[str, Any]]:
	for offset in range(0, MOST, TOGETHER):
		entries = page(selection, offset=offset, rows=TOGETHER)
		yield from entries
		if len(entries) < TOGETHER:
			return
