"""The Suppliers that stand for carriers on Delivery Notes. Contract: "How Tracking Pull Works".

The carriers' names come from a vendor's ShipStation account. So only names that look like codes become
Suppliers, at most MAX_CARRIERS of them, and a Supplier that exists is used only if it is a transporter. With
any other carrier a Delivery Note has the tracking number, and no transporter.
"""

from functools import partial
from typing import Any

import frappe
from frappe import _
from pydantic import TypeAdapter, ValidationError
from rq.timeouts import BaseTimeoutException

from medgrid.core.foreign_types import CarrierCode
from medgrid.core.text import one_line
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Busy
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue

DOCTYPE = "Supplier"
# The most Suppliers that MedGrid creates. ShipStation has some dozens of carriers.
MAX_CARRIERS = 50
MAX_REASON = 300
# The text by which MedGrid counts the Suppliers that it created.
MARK = "Created by MedGrid for a carrier in ShipStation."
_CODE = TypeAdapter(CarrierCode)


def name_of(carrier: str) -> str | None:
	"""The name of the Supplier that stands for a carrier; None: the carrier is not a code."""
	return carrier.upper() if _is_code(carrier) else None


def transporter_of(carrier: str) -> str | None:
	"""Finds the Supplier that stands for a carrier: its name is the carrier's code in capitals.

	:param carrier: as ShipStation names it.
	:returns: the Supplier's name; None: the carrier is not a code, there is no such Supplier, or the Supplier
		with this name is not a transporter or spelled differently.
	"""
	name = name_of(carrier)
	# The database ignores case and accents.
	found = frappe.db.get_value(DOCTYPE, name, ["name", "is_transporter"], as_dict=True) if name else None
	return name if found and found.name == name and found.is_transporter else None


def make_transporter(supplier: str, carrier: str, sales_order: str) -> None:
	"""Creates the Supplier that stands for a carrier, unless there is one with its name, or MedGrid has
	created MAX_CARRIERS. If the site does not let it, an issue says why. Commits.

	:param supplier: the vendor whose account names the carrier.
	:param sales_order: an order that was shipped with it.
	:raises Busy: others hold what it needs.
	"""
	name = name_of(carrier)
	if not name or frappe.db.exists(DOCTYPE, name):
		return
	if frappe.db.count(DOCTYPE, {"is_transporter": 1, "supplier_details": MARK}) >= MAX_CARRIERS:
		return
	messages = list(frappe.local.message_log)
	try:
		in_transaction(partial(_create, name))
	except (BaseTimeoutException, Busy):
		raise
	except Exception as error:
		# A mandatory field of the site's own, a group that is gone, a script that fails, …
		frappe.local.message_log = messages
		in_transaction(partial(_open_not_made, supplier, name, sales_order, _reason(error)))
	else:
		in_transaction(partial(settle_issue, _not_made(name)))


def _not_made(name: str) -> Subject:
	return Subject("shipstation", "carrier_not_created", related_to=name)


def _open_not_made(supplier: str, name: str, sales_order: str, reason: str) -> None:
	detail = _(
		"{0} ships {1} with the carrier {2}, but the Supplier that stands for it could not be created: {3}"
	)
	open_issue(
		_not_made(name),
		title=_("ShipStation: the carrier {0} could not be created").format(name),
		detail=detail.format(supplier, sales_order, name, reason),
		who_acts=ADMINISTRATOR,
		what_to_do=_("Create a Supplier named {0}, and mark it as a transporter.").format(name),
	)


def _reason(error: Exception) -> str:
	return one_line(frappe.utils.strip_html(str(error)), MAX_REASON) or type(error).__name__


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
