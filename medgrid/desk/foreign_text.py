"""Which fields contain text that another system or a visitor wrote. Desk escapes them where it shows them,
with `public/desk/foreign_text.js`; `printing` does the same in prints.

All text fields of MedGrid's own DocTypes and all that it adds to others are among them: none holds HTML.
`tests/medgrid/test_foreign_fields.py` compares this with the DocTypes.
"""

import frappe

MODULE = "Medgrid"
FLAG = "medgrid_foreign_fields"
# The types whose value Frappe's views insert as HTML. It escapes Code itself.
TEXT_TYPES = (
	"Data",
	"Small Text",
	"Text",
	"Long Text",
	"Read Only",
	"Autocomplete",
	"Select",
)
# Fields of Frappe and ERPNext that MedGrid fills with such text.
OTHERS_FIELDS = {
	"Contact": ("first_name", "middle_name", "last_name", "full_name", "company_name"),
	"Delivery Note": ("lr_no",),
	"Error Log": ("method",),
	"Lead": ("lead_name", "first_name", "middle_name", "last_name", "company_name", "title", "phone"),
}


def add_to_boot(bootinfo) -> None:
	"""Tells Desk which fields contain foreign text. The `extend_bootinfo` hook."""
	bootinfo["medgrid_foreign_text"] = foreign_fields()


def foreign_fields() -> dict[str, list[str]]:
	"""The names of the fields by DocType; read once in each request or job."""
	fields = frappe.local.flags.get(FLAG)
	if fields is None:
		fields = frappe.local.flags[FLAG] = _read_fields()
	return fields


def _read_fields() -> dict[str, list[str]]:
	fields = {doctype: list(names) for doctype, names in OTHERS_FIELDS.items()}
	for doctype, fieldname in [*_own_fields(), *_added_fields()]:
		fields.setdefault(doctype, []).append(fieldname)
	return fields


def _own_fields() -> list[tuple[str, str]]:
	"""The text fields of MedGrid's DocTypes, those that a site has added included."""
	doctypes = frappe.get_all("DocType", filters={"module": MODULE}, pluck="name")
	return [
		(doctype, field.fieldname)
		for doctype in doctypes
		for field in frappe.get_meta(doctype).fields
		if field.fieldtype in TEXT_TYPES
	]


def _added_fields() -> list[tuple[str, str]]:
	"""The text fields that MedGrid adds to other DocTypes."""
	filters = {"module": MODULE, "fieldtype": ("in", TEXT_TYPES)}
	rows = frappe.get_all("Custom Field", filters=filters, fields=["dt", "fieldname"])
	return [(row.dt, row.fieldname) for row in rows]
