"""The fields that contain text of others: the list is complete, and such text stays as it came."""

import json
from pathlib import Path

import frappe
import pytest

import medgrid
from medgrid.desk.foreign_text import OTHERS_FIELDS, TEXT_TYPES, add_to_boot, foreign_fields
from medgrid.desk.printing import as_html, escape_foreign_text

PACKAGE = Path(medgrid.__file__).parent
DOCTYPES = [json.loads(path.read_text()) for path in sorted(PACKAGE.glob("medgrid/doctype/*/*.json"))]
CUSTOM_FIELDS = json.loads((PACKAGE / "fixtures" / "custom_field.json").read_text())
# What administrators enter.
SETTINGS = ("Medgrid Settings", "System Settings", "Vertex Settings")
# Frappe shows these as they should be: it escapes Code, and the others are no text of a field.
OTHER_TYPES = {
	"Button",
	"Check",
	"Code",
	"Column Break",
	"Currency",
	"Date",
	"Datetime",
	"Dynamic Link",
	"Float",
	"HTML",
	"Int",
	"Link",
	"Long Int",
	"Password",
	"Section Break",
	"Tab Break",
	"Table",
}


def all_fields() -> list[tuple[str, dict]]:
	own = [(doctype["name"], field) for doctype in DOCTYPES for field in doctype["fields"]]
	return own + [(field["dt"], field) for field in CUSTOM_FIELDS]


def test_every_text_field_of_medgrid_is_escaped_in_desk(site):
	texts = {(doctype, f["fieldname"]) for doctype, f in all_fields() if f["fieldtype"] in TEXT_TYPES}
	assert texts <= {(doctype, name) for doctype, names in foreign_fields().items() for name in names}


def test_every_field_has_a_type_that_is_escaped_or_known_to_be_safe():
	assert {f["fieldtype"] for _doctype, f in all_fields()} <= {*TEXT_TYPES, *OTHER_TYPES}


def test_no_text_field_is_shown_as_a_link():
	texts = [field for _doctype, field in all_fields() if field["fieldtype"] in TEXT_TYPES]
	assert [field for field in texts if field.get("options") == "URL"] == []


def test_frappe_does_not_rewrite_what_others_wrote():
	"""Without `ignore_xss_filter`, Frappe changes a text with HTML in it whenever a document is saved."""
	texts = ("Data", "Small Text", "Text", "Long Text")
	rewritten = [
		(doctype, f["fieldname"])
		for doctype, f in all_fields()
		if f["fieldtype"] in texts and f.get("read_only") and doctype not in SETTINGS
		if not f.get("ignore_xss_filter")
	]
	assert rewritten == []


def test_desk_is_told_which_fields_they_are(site):
	bootinfo = frappe._dict()
	add_to_boot(bootinfo)
	assert "tracking_number" in bootinfo.medgrid_foreign_text["ShipStation Order"]
	assert "exoceuticals_carrier" in bootinfo.medgrid_foreign_text["Sales Order"]
	assert set(OTHERS_FIELDS) <= set(bootinfo.medgrid_foreign_text)


@pytest.mark.parametrize(
	("text", "html"),
	[
		("a < b", "a &lt; b"),
		("R&D", "R&amp;D"),
		("one\ntwo <br>", "one<br>two &lt;br&gt;"),
		("", ""),
	],
)
def test_a_text_is_printed_as_it_is(text, html):
	assert as_html(text) == html
	assert as_html(text).__html__() == html


def test_a_document_is_printed_with_its_rows_escaped_and_stays_as_it_is_stored(site):
	number = '<img src=x onerror="x()">'
	order = frappe.new_doc("ShipStation Order").update({"tracking_number": number, "reason": None})
	order.append("shipments", {"tracking_number": number})
	escape_foreign_text(order, "before_print", {})
	escaped = "&lt;img src=x onerror=&#34;x()&#34;&gt;"
	assert (order.tracking_number, order.shipments[0].tracking_number) == (escaped, escaped)
	assert order.reason is None
