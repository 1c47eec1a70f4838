"""Compares the stand-in's DocTypes with the facts about ERPNext's, without a site."""

import json
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = ROOT / "sandbox" / "apps" / "erpnext"
FACTS = json.loads((ROOT / "tests" / "data" / "erpnext-15-doctypes.json").read_text())

LAYOUT = ("Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold")
# the framework has these; facts about them are kept only where an app meets their fields
FRAMEWORK_DOCTYPES = (
	"Country",
	"DocType",
	"Gender",
	"Language",
	"Letter Head",
	"Print Heading",
	"Role",
	"Salutation",
)
DOCTYPE_FACTS = ("autoname", "is_submittable", "issingle", "istable")
FIELD_FACTS = ("fieldtype", "options", "reqd", "unique", "default", "fetch_from")
# the rights that the facts tell about; ERPNext's `report`, `print`, `amend` and the like are not in them
RIGHTS = ("read", "write", "create", "delete", "submit", "cancel", "if_owner")


def stand_in_doctypes() -> dict[str, dict]:
	"""DocType name to its JSON file's content."""
	documents = [json.loads(path.read_text()) for path in sorted(STAND_IN.glob("*/doctype/*/*.json"))]
	return {document["name"]: document for document in documents}


def differences(doctype: dict, facts: dict[str, dict] = FACTS) -> list[str]:
	"""What a stand-in DocType says otherwise than ERPNext, one sentence each."""
	fact = facts.get(doctype["name"])
	if fact is None:
		return [f"there are no facts about {doctype['name']}"]
	return [
		*doctype_differences(doctype, fact),
		*field_differences(doctype, fact),
		*missing_mandatory_fields(doctype, fact),
		*permission_differences(doctype, fact),
		*unknown_targets(doctype, facts),
	]


def doctype_differences(doctype: dict, fact: dict) -> Iterator[str]:
	for key in DOCTYPE_FACTS:
		if (doctype.get(key) or None) != (fact[key] or None):
			yield f"{key} is {doctype.get(key)!r}, in ERPNext {fact[key]!r}"


def field_differences(doctype: dict, fact: dict) -> Iterator[str]:
	for field in data_fields(doctype):
		name = field["fieldname"]
		if name not in fact["fields"]:
			yield f"ERPNext has no field {name}"
			continue
		for key in FIELD_FACTS:
			ours, theirs = field.get(key) or None, fact["fields"][name].get(key) or None
			if ours != theirs:
				yield f"{key} of {name} is {ours!r}, in ERPNext {theirs!r}"


def missing_mandatory_fields(doctype: dict, fact: dict) -> Iterator[str]:
	"""A field that ERPNext insists on must not be optional here by being absent."""
	have = {field["fieldname"] for field in data_fields(doctype)}
	for name, field in fact["fields"].items():
		if field.get("reqd") and name not in have:
			yield f"the mandatory field {name} is missing"


def permission_differences(doctype: dict, fact: dict) -> Iterator[str]:
	granted: dict[tuple, set[str]] = {key: set() for key in map(permission_key, fact["permissions"])}
	for permission in fact["permissions"]:
		granted[permission_key(permission)] |= rights(permission)
	for permission in doctype["permissions"]:
		key = permission_key(permission)
		for right in sorted(rights(permission) - granted.get(key, set())):
			yield f"{key[0]} may {right} at level {key[1]}, in ERPNext not"


def unknown_targets(doctype: dict, facts: dict) -> Iterator[str]:
	for field in data_fields(doctype):
		if field["fieldtype"] not in ("Link", "Table"):
			continue
		if field["options"] not in facts and field["options"] not in FRAMEWORK_DOCTYPES:
			yield f"{field['fieldname']} points to {field['options']}, which is nowhere"


def data_fields(doctype: dict) -> list[dict]:
	return [field for field in doctype["fields"] if field["fieldtype"] not in LAYOUT]


def permission_key(permission: dict) -> tuple[str, int]:
	return permission["role"], permission.get("permlevel", 0)


def rights(permission: dict) -> set[str]:
	return {right for right in RIGHTS if permission.get(right)}
