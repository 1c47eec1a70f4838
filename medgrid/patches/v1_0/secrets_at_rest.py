"""Takes out of the database what release 0.1 left there of secrets: fingerprints of accounts that whoever
guesses a key can check, masks as long as their secrets, and copies of deleted documents."""

import json
import re
from typing import Any

import frappe

from medgrid.core.bulk import CHUNK, chunks
from medgrid.core.redaction import MASK
from medgrid.core.secrets import password_fields
from medgrid.integrations.connections.credentials import keyed_account
from medgrid.integrations.connections.fields import DETAILS, SECRETS

# What release 0.1 stored as a fingerprint; today's are longer.
PLAIN = re.compile(r"[0-9a-f]{40}")
ACCOUNTS = ("Vendor Connection", "ShipStation Order")
SETTINGS = {"Medgrid Settings": "", "System Settings": "exoceuticals_"}
# DocType -> what copies of its deleted documents must not hold.
PRIVATE = {
	"Vendor Connection": (*SECRETS, *DETAILS, "last_error", "stats"),
	"ShipStation Order": ("account",),
	"Contact Message": ("words",),
}


def execute() -> None:
	for doctype in ACCOUNTS:
		_key_accounts(doctype)
	_key_progress()
	for doctype, prefix in SETTINGS.items():
		fields = set(password_fields(doctype, prefix))
		_shorten_masks(doctype, fields)
		_shorten_versions(doctype, fields)
	for doctype, private in PRIVATE.items():
		_clean_deleted(doctype, private)


def _key_accounts(doctype: str) -> None:
	stored = frappe.get_all(doctype, filters={"account": ("is", "set")}, pluck="account", distinct=True)
	for account in stored:
		if PLAIN.fullmatch(account):
			keyed = keyed_account(account)
			frappe.db.set_value(doctype, {"account": account}, "account", keyed, update_modified=False)


def _key_progress() -> None:
	"""Runs that can be resumed remember the account that they were begun with."""
	filters = {"progress": ("like", "%account%")}
	for run in frappe.get_all("Sync Run", filters=filters, fields=["name", "progress"]):
		progress = _object(run.progress)
		if PLAIN.fullmatch(str(progress.get("account"))):
			progress["account"] = keyed_account(progress["account"])
			frappe.db.set_value("Sync Run", run.name, "progress", json.dumps(progress), update_modified=False)


def _shorten_masks(doctype: str, fields: set[str]) -> None:
	stored = frappe.db.get_singles_dict(doctype)
	masks = {field: MASK for field in fields if _is_mask(stored.get(field))}
	if masks:
		frappe.db.set_single_value(doctype, masks, update_modified=False)


def _shorten_versions(doctype: str, fields: set[str]) -> None:
	names = frappe.get_all("Version", filters={"ref_doctype": doctype}, pluck="name")
	for chunk in chunks(names, CHUNK):
		rows = frappe.get_all("Version", filters={"name": ("in", chunk)}, fields=["name", "data"])
		for row in rows:
			data = _object(row.data)
			changes = [_shortened(change, fields) for change in data.get("changed") or []]
			if changes != data.get("changed"):
				text = frappe.as_json({**data, "changed": changes}, indent=None)
				frappe.db.set_value("Version", row.name, "data", text, update_modified=False)


def _shortened(change: Any, fields: set[str]) -> Any:
	if not isinstance(change, list) or not change or change[0] not in fields:
		return change
	return [change[0], *(MASK if _is_mask(value) else value for value in change[1:])]


def _clean_deleted(doctype: str, private: tuple[str, ...]) -> None:
	names = frappe.get_all("Deleted Document", filters={"deleted_doctype": doctype}, pluck="name")
	for chunk in chunks(names, CHUNK):
		rows = frappe.get_all("Deleted Document", filters={"name": ("in", chunk)}, fields=["name", "data"])
		for row in rows:
			data = {name: value for name, value in _object(row.data).items() if name not in private}
			frappe.db.set_value(
				"Deleted Document", row.name, "data", frappe.as_json(data), update_modified=False
			)


def _is_mask(value: Any) -> bool:
	return isinstance(value, str) and bool(value) and not value.strip("*")


def _object(text: str | None) -> dict[str, Any]:
	try:
		content = json.loads(text or "{}")
	except ValueError:
		return {}
	return content if isinstance(content, dict) else {}
