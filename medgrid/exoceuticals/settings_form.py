"""The store's part of the form of System Settings: what it shows, and what may be entered (`validate`).

Contract: "Configuration (System Settings)".
"""

import re

import frappe
from frappe import _
from frappe.core.doctype.system_settings import system_settings

from medgrid.clients.shopify.gid import gid
from medgrid.exceptions import InvalidInput
from medgrid.exoceuticals.inventory.bins import WarehouseMirror
from medgrid.exoceuticals.settings import PREFIX
from medgrid.services.shop_domains import require_shop_domain

VERSION = re.compile(r"20\d\d-(01|04|07|10)|unstable", re.ASCII)
LOCATION = re.compile(r"(?:gid://shopify/Location/)?([1-9]\d{0,18})", re.ASCII)
# Shopify's limit for an order's tag.
MAX_TAG = 40


@frappe.whitelist()
def load() -> dict:
	"""Instead of Frappe's function that the form calls when it is shown (`override_whitelisted_methods`).

	The form fills its fields with this answer: with defaults of the site, which Frappe writes when the
	document is saved, and nobody else does. Of the store's settings they would show, and save again, what
	was there before the store was connected, or nothing. Those the form has from the document.

	:returns: what Frappe's function does, without the store's settings.
	"""
	answer = system_settings.load()
	shown = {name: value for name, value in answer["defaults"].items() if not name.startswith(PREFIX)}
	return {**answer, "defaults": shown}


def validate(document, event=None) -> None:
	"""Brings the store's settings into their one form, and refuses what cannot be right.

	:raises frappe.ValidationError: the message says which setting, and what it should look like.
	"""
	for name, rule in RULES.items():
		if value := (document.get(PREFIX + name) or "").strip():
			document.set(PREFIX + name, rule(value))
	if document.has_value_changed(PREFIX + "warehouse"):
		_check_warehouse(document.get(PREFIX + "warehouse"))


def _domain(value: str) -> str:
	try:
		return require_shop_domain(value)
	except InvalidInput as error:
		frappe.throw(str(error), title=_("Shop Domain"))


def _version(value: str) -> str:
	if not VERSION.fullmatch(value):
		frappe.throw(_("Shopify's API versions look like 2026-04."), title=_("API Version"))
	return value


def _location(value: str) -> str:
	if not (match := LOCATION.fullmatch(value)):
		frappe.throw(_("A location's id looks like gid://shopify/Location/12345."), title=_("Location GID"))
	return gid("Location", int(match.group(1)))


def _tag(value: str) -> str:
	if "," in value or len(value) > MAX_TAG:
		frappe.throw(
			_("An order's tag has at most {0} characters and no comma.").format(MAX_TAG),
			title=_("Order Tag"),
		)
	return value


RULES = {
	"shop_domain": _domain,
	"api_version": _version,
	"location_id": _location,
	"order_tag": _tag,
}


def _check_warehouse(name: str | None) -> None:
	if not name:
		return
	row = frappe.db.get_value("Warehouse", name, ["is_group", "disabled"], as_dict=True)
	if not row or row.is_group or row.disabled:
		frappe.throw(_("{0} is no active warehouse that can hold stock.").format(name), title=_("Warehouse"))
	if WarehouseMirror(name).has_own_stock():
		frappe.msgprint(
			_(
				"{0} has stock entries of its own. The inventory sync replaces what they add up to with what "
				"the store has: choose a warehouse that holds nothing else, unless this is meant."
			).format(name),
			indicator="orange",
		)
