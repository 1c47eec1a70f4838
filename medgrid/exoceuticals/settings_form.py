"""The store's fields in the form of System Settings: how the form loads them, and how they are validated.

Contract: "Configuration (System Settings)".
"""

import re

import frappe
from frappe import _
from frappe.core.doctype.system_settings import system_settings

from medgrid.clients.shopify.gid import gid
from medgrid.core.faults.borders import hook
from medgrid.exceptions import InvalidInput
from medgrid.exoceuticals.inventory.bins import WarehouseMirror
from medgrid.exoceuticals.settings import PREFIX
from medgrid.services.desk_messages import refuse, show
from medgrid.services.pasted_settings import tidy_settings
from medgrid.services.shopify.domains import require_shop_domain

VERSION = re.compile(r"20\d\d-(01|04|07|10)|unstable", re.ASCII)
LOCATION = re.compile(r"(?:gid://shopify/Location/)?([1-9]\d{0,18})", re.ASCII)
# Shopify's limit for an order's tag.
MAX_TAG = 40


@frappe.whitelist(methods=["GET", "POST"])
@hook
def load() -> dict:
	"""Replaces the Frappe function that the form calls when it opens (`override_whitelisted_methods`).

	The form fills its fields with the site's defaults from this response. Frappe updates the defaults only
	when the document is saved, but MedGrid also changes the store's settings otherwise, e.g. when the store
	is connected. With their defaults the form would show outdated values and save them. Without them the
	form shows the values of the document.

	:returns: the response of Frappe's function, without the store's settings.
	"""
	response = system_settings.load()
	shown = {name: value for name, value in response["defaults"].items() if not name.startswith(PREFIX)}
	return {**response, "defaults": shown}


@hook
def tidy(document, event=None) -> None:
	"""Trims what was pasted into the store's settings. `System Settings`' hook `before_validate`.

	:raises frappe.ValidationError: a key or secret has characters that none has.
	"""
	tidy_settings(
		document, texts=[PREFIX + name for name in RULES], secrets=[PREFIX + name for name in SECRETS]
	)


@hook
def validate(document, event=None) -> None:
	"""Normalizes the store's settings and rejects invalid values. `System Settings`' hook `validate`.

	:param document: the System Settings document.
	:raises frappe.ValidationError: a value is invalid; the message describes a valid value.
	"""
	for name, rule in RULES.items():
		if value := document.get(PREFIX + name):
			document.set(PREFIX + name, rule(value))
	if document.has_value_changed(PREFIX + "warehouse"):
		_check_warehouse(document.get(PREFIX + "warehouse"))


def _domain(value: str) -> str:
	try:
		return require_shop_domain(value)
	except InvalidInput as error:
		refuse(str(error), title=_("Shop Domain"))


def _version(value: str) -> str:
	if not VERSION.fullmatch(value):
		refuse(_("Enter a Shopify API version such as 2026-04."), title=_("API Version"))
	return value


def _location(value: str) -> str:
	if not (match := LOCATION.fullmatch(value)):
		refuse(_("Enter a location's GID such as gid://shopify/Location/12345."), title=_("Location GID"))
	return gid("Location", int(match.group(1)))


def _tag(value: str) -> str:
	if "," in value or len(value) > MAX_TAG:
		refuse(
			_("The order tag is invalid. Enter at most {0} characters and no comma.").format(MAX_TAG),
			title=_("Order Tag"),
		)
	return value


SECRETS = ("client_id", "client_secret", "api_token", "webhook_secret")
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
		refuse(
			_("{0} is a group or disabled. Choose an active warehouse that can hold stock.").format(name),
			title=_("Warehouse"),
		)
	if WarehouseMirror(name).has_own_stock():
		show(
			_(
				"{0} has stock entries of its own. The inventory sync replaces its quantities with the "
				"store's. Choose a warehouse without stock entries, unless you want this."
			).format(name),
			indicator="orange",
		)
