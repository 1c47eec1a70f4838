"""The Suppliers that stand for carriers on Delivery Notes. Contract: "How Tracking Pull Works".

A vendor's ShipStation account names the carriers, so that only codes of carriers become Suppliers, only a few
of them, and never a Supplier that is something else. The Delivery Note of another carrier has the tracking
number, and no transporter.
"""

from typing import Any

import frappe
from frappe import _
from pydantic import TypeAdapter, ValidationError

from medgrid.core.foreign_types import CarrierCode
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue

DOCTYPE = "Supplier"
# The most Suppliers that MedGrid creates. ShipStation has some dozens of carriers.
MAX_CARRIERS = 50
# The text by which MedGrid counts the Suppliers that it created.
MARK = "Created by MedGrid for a carrier in ShipStation."
_CODE = TypeAdapter(CarrierCode)


def transporter_of(carrier: str) -> str | None:
	"""Finds the Supplier that stands for a carrier: its name is the carrier's code in capitals. Creates it if
	there is none. The caller commits.

	:param carrier: as ShipStation names it.
	:returns: the Supplier's name; None: the carrier is not a code, the Supplier with this name is not a
		transporter or spelled differently, or MedGrid has created MAX_CARRIERS already.
	"""
	if not _is_code(carrier):
		return None
	name = carrier.upper()
	# The database ignores case and accents.
	found = frappe.db.get_value(DOCTYPE, name, ["name", "is_transporter"], as_dict=True)
	if found:
		return name if found.name == name and found.is_transporter else None
	if frappe.db.count(DOCTYPE, {"is_transporter": 1, "supplier_details": MARK}) >= MAX_CARRIERS:
		return None
	_create(name)
	return name


def open_unknown_carrier(supplier: str, carrier: str, note: str) -> None:
	"""Opens the issue of a vendor's carrier that is not a Supplier, one for each vendor. The caller commits.

	:param supplier: the vendor.
	:param carrier: as ShipStation names it.
	:param note: the name of the Delivery Note.
	"""
	open_issue(
		Subject("shipstation", "carrier", reference=(DOCTYPE, supplier)),
		title=_("ShipStation: a carrier of {0} is not a transporter").format(supplier),
		detail=_("Delivery Note {0} has the tracking number, and no transporter: the carrier is {1}.").format(
			note, carrier
		),
		who_acts=ADMINISTRATOR,
		what_to_do=_(
			"Create a Supplier whose name is the carrier's code in capitals, and mark it as a transporter."
		),
	)


def _is_code(carrier: str) -> bool:
	try:
		_CODE.validate_python(carrier)
	except ValidationError:
		return False
	return True


def _create(name: str) -> None:
	"""Creates the Supplier that `transporter` links to: with a dangling link, the note's next save would
	fail."""
	values: dict[str, Any] = {"supplier_name": name, "is_transporter": 1, "supplier_details": MARK}
	supplier = frappe.get_doc({"doctype": DOCTYPE, **values})
	supplier.supplier_group = frappe.db.get_single_value("Buying Settings", "supplier_group")
	# If Suppliers are named by a series, ERPNext requires one although the name is given below.
	series = supplier.meta.get_field("naming_series")
	supplier.naming_series = next((line for line in (series.options or "").split("\n") if line), None)
	try:
		# The link needs exactly this name; a vendor's roles do not permit creating a Supplier.
		supplier.insert(ignore_permissions=True, set_name=name)
	except frappe.DuplicateEntryError:
		# Another worker has created it.
		frappe.clear_messages()
