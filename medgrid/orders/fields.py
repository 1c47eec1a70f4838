"""Protects the fields that MedGrid adds to Sales Orders and Items. MedGrid writes them directly to the
database, with the row locked.

Frappe's `read_only` applies to Desk's forms only, saving a document writes back every field as it was when
the form was opened, and amending copies all fields. Each of these could reset the fields that prevent an
order from being sent twice. Desk's values are stale without anybody's fault, and are dropped silently. A
program that writes others than there are would believe that they were stored: it is refused.

What MedGrid alone needs to know of an exchange has a permission level that no role has: nobody reads it
through Frappe's addresses, lists and reports.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.gid import is_gid
from medgrid.core.faults.borders import hook
from medgrid.http_client.json_reader import JsonRefused, read_json
from medgrid.services.callers import is_program
from medgrid.services.desk_messages import refuse

# A System Manager may enter it for orders that an older system has sent.
SHIPSTATION_ORDER_ID = "shipstation_order_id"
ITEM_FIELDS = ("exoceuticals_qty", "exoceuticals_last_synced")
# What type of Shopify's object each of an Item's fields names.
ITEM_GIDS = {
	"exoceuticals_product_id": "Product",
	"exoceuticals_variant_id": "ProductVariant",
	"exoceuticals_inventory_item_id": "InventoryItem",
}


@hook
def keep(order, event=None) -> None:
	"""Sets MedGrid's fields to their values in the database; on a new or amended order, empties them.

	`Sales Order`'s validate, before_update_after_submit and before_cancel hooks.

	:raises frappe.ValidationError: a program writes another value (417).
	"""
	stored = None if order.is_new() else order.get_doc_before_save()
	for fieldname in _own_fields("Sales Order"):
		if fieldname == SHIPSTATION_ORDER_ID and _is_import(order):
			continue
		_keep(order, fieldname, stored.get(fieldname) if stored else None)


@hook
def keep_of_item(item, event=None) -> None:
	"""Keeps the quantity and time of the last sync of an Item, and checks the GIDs that are entered: one that
	is none would make Shopify refuse whole requests. `Item`'s validate hook.

	:raises frappe.ValidationError: a program writes another value (417).
	:raises frappe.DataError: a new value is no GID (400).
	"""
	stored = None if item.is_new() else item.get_doc_before_save()
	for fieldname, kind in ITEM_GIDS.items():
		value = item.get(fieldname)
		if value and not is_gid(kind, value) and value != (stored.get(fieldname) if stored else None):
			refuse(
				_("{0} must be of the form {1}.").format(
					_(item.meta.get_label(fieldname)), f"gid://shopify/{kind}/123"
				),
				frappe.DataError,
			)
	for fieldname in ITEM_FIELDS:
		_keep(item, fieldname, stored.get(fieldname) if stored else None)


def _keep(document, fieldname: str, value: Any) -> None:
	if not document.get("amended_from") and _is_written(document, fieldname, value):
		refuse(
			_("The field {0} ({1}) is written by MedGrid alone. Leave it out.").format(
				_(document.meta.get_label(fieldname)), fieldname
			)
		)
	document.set(fieldname, value)


def _is_written(document, fieldname: str, stored: Any) -> bool:
	"""Whether a program's request names a field and has another value for it."""
	if not is_program():
		return False
	named = [_text(value) for value in _named(fieldname, frappe.local.form_dict)]
	# Frappe has put back already what the user may not write.
	is_hidden = document.meta.get_field(fieldname).permlevel > 0
	changed = set(named) if is_hidden else {_text(document.get(fieldname))}
	return bool(named) and changed != {_text(stored)}


def _named(fieldname: str, request: Any) -> Iterator[Any]:
	"""The values that a request has for a field: in documents, in JSON, or as name and value."""
	waiting = [request]
	while waiting:
		given = _parsed(waiting.pop(), fieldname)
		if isinstance(given, list):
			waiting += given
		elif isinstance(given, dict):
			if given.get("fieldname") == fieldname:
				yield given.get("value")
			if fieldname in given:
				yield given[fieldname]
			waiting += given.values()


def _parsed(given: Any, fieldname: str) -> Any:
	if not isinstance(given, str) or fieldname not in given or given.lstrip()[:1] not in ("{", "["):
		return given
	try:
		return read_json(given.encode(), allow_nul=True)
	except JsonRefused:
		return None


def _text(value: Any) -> str:
	"""A value as a program may have read it: times to the second, whole numbers without decimals."""
	if not value:
		return ""
	if isinstance(value, datetime):
		return f"{value:%Y-%m-%d %H:%M:%S}"
	if isinstance(value, int | float) and value == int(value):
		return str(int(value))
	text = str(value)
	return text.partition(".")[0] if text[:4].isdigit() and text[4:5] == "-" else text.removesuffix(".0")


def _is_import(order) -> bool:
	"""Whether a System Manager enters what an older system has sent, and MedGrid has sent nothing."""
	if not (is_program() or frappe.flags.in_import) or order.get("amended_from"):
		return False
	if "System Manager" not in frappe.get_roles():
		return False
	return order.is_new() or not frappe.db.exists("ShipStation Order", {"sales_order": order.name})


def _own_fields(doctype: str) -> list[str]:
	# Those of the sales tax are computed anew on every save (`medgrid.vertex.documents`).
	filters = [
		["dt", "=", doctype],
		["module", "=", "Medgrid"],
		["read_only", "=", 1],
		["fieldname", "not like", "vertex_%"],
	]
	return frappe.get_all("Custom Field", filters=filters, pluck="fieldname")
