"""Text of other systems and of visitors in Desk: it is shown as it came, and nothing of it runs."""

import json
import re

import frappe
import pytest

from medgrid.contact import leads
from medgrid.contact.message import ContactMessage
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue
from tests.desk import canaries
from tests.desk.canaries import (
	READABLE,
	SCRIPT,
	canary,
	inspect,
	planted_fields,
	readable_fields,
	show_all_columns,
)
from tests.desk.desk import Desk
from tests.support.rows import delete_rows

pytestmark = pytest.mark.desk
# Those that have text of others.
OWN = [
	"Contact Message",
	"Exoceuticals Order",
	"Exoceuticals Unmatched Variant",
	"Integration Event",
	"Integration Issue",
	"ShipStation Order",
	"Sync Run",
	"Text Message Opt Out",
	"Vendor Connection",
	"Vendor Product",
	"Vertex Merchant",
	"Vertex Tax Document",
]
OTHERS = ["Delivery Note", "Error Log", "Item", "Lead", "Sales Order"]
ALL = [*OWN, *OTHERS]
# These cannot be opened with nothing but the canaries in them.
WITH_FORM = [*(doctype for doctype in OWN if doctype != "Text Message Opt Out"), "Error Log", "Lead"]


@pytest.fixture(scope="module")
def planted(environment):
	"""The name of a document with canaries, for each DocType."""
	frappe.set_user("Administrator")
	# Of a run that was broken off: some fields are unique.
	for doctype in (*ALL, "ShipStation Shipment"):
		frappe.db.delete(doctype, {"name": ("like", "mgt-canary-%")})
	names = {doctype: canaries.plant(doctype) for doctype in ALL}
	parent = {"parent": names["ShipStation Order"], "parenttype": "ShipStation Order"}
	shipment = canaries.plant("ShipStation Shipment", **parent, parentfield="shipments", idx=1)
	frappe.db.commit()
	yield names
	frappe.db.rollback()
	for doctype, name in [*names.items(), ("ShipStation Shipment", shipment)]:
		frappe.db.delete(doctype, {"name": name})
	frappe.db.commit()


@pytest.fixture
def wide(desk, administrator) -> Desk:
	"""A window in which a list shows all its columns."""
	opened = desk(administrator)
	opened.visitor.context.add_init_script(SCRIPT)
	opened.visitor.expected_errors.append("favicon")
	opened.page.set_viewport_size({"width": 2600, "height": 1400})
	return opened


def slug(doctype: str) -> str:
	return doctype.lower().replace(" ", "-")


@pytest.mark.parametrize("doctype", ALL)
def test_a_list_shows_the_text(wide, planted, doctype):
	wide.open(f"{slug(doctype)}/view/list?name={planted[doctype]}")
	show_all_columns(wide, planted_fields(doctype))
	assert inspect(wide, fields=len(readable_fields(doctype)), place="list") == []


@pytest.mark.parametrize("doctype", ALL)
def test_a_report_shows_the_text_in_every_column(wide, planted, site, doctype):
	columns = [[name, doctype] for name in planted_fields(doctype)]
	expected = len(readable_fields(doctype))
	if doctype == "ShipStation Order":
		columns += [[name, "ShipStation Shipment"] for name in planted_fields("ShipStation Shipment")]
		expected += len(readable_fields("ShipStation Shipment"))
	name = f"MGT canaries {doctype}"
	filters = [[doctype, "name", "=", planted[doctype]]]
	definition = json.dumps({"fields": columns, "filters": filters})
	site.delete_doc("Report", name, force=True, ignore_missing=True)
	report = {
		"doctype": "Report",
		"report_name": name,
		"ref_doctype": doctype,
		"report_type": "Report Builder",
		"is_standard": "No",
		"json": definition,
	}
	site.get_doc(report).insert()
	site.db.commit()
	wide.page.set_viewport_size({"width": 6000, "height": 1000})
	wide.open(f"{slug(doctype)}/view/report/{name}")
	wide.page.wait_for_selector(".dt-row-0")
	wrong = inspect(wide, fields=expected, place="report")
	site.delete_doc("Report", name, force=True)
	site.db.commit()
	assert wrong == []


@pytest.mark.parametrize("doctype", WITH_FORM)
def test_a_form_shows_the_text(wide, planted, doctype):
	wide.open(f"{slug(doctype)}/{planted[doctype]}")
	wrong = inspect(wide, fields=1, place="form")
	# Sections and tabs that are closed.
	wide.page.evaluate("cur_frm.layout.wrapper.find('.section-body, .tab-pane').removeClass('hide').show()")
	assert wrong + inspect(wide, fields=1, place="whole form") == []


@pytest.mark.parametrize("doctype", WITH_FORM)
def test_a_print_shows_the_text(wide, planted, doctype):
	wide.visitor.open(f"/printview?doctype={doctype}&name={planted[doctype]}&format=Standard")
	assert inspect(wide, fields=1, place="print") == []


def test_the_question_before_a_deletion_shows_the_title(wide, planted):
	name = planted["Vendor Product"]
	wide.open(f"vendor-product/{name}")
	wide.page.evaluate("name => frappe.model.delete_doc('Vendor Product', name)", name)
	question = wide.page.locator(".modal.show .modal-body")
	question.wait_for()
	assert READABLE in question.inner_text()
	assert inspect(wide, fields=1, place="question") == []


def test_the_title_of_a_form_is_the_whole_text(wide, planted):
	wide.open(f"integration-issue/{planted['Integration Issue']}")
	# In Frappe 16 it is the last of the crumbs, after the one of the list.
	title = wide.shown.locator(".title-text, .title-text-form").last
	assert title.inner_text().startswith(READABLE)
	assert set(wide.shown.locator("li .title-text").all_inner_texts()) <= {"Integration Issue"}


def test_a_link_field_suggests_titles_as_they_are(wide, planted):
	wide.open("todo")
	wide.page.evaluate(
		"""() => {
			const field = { fieldtype: "Link", options: "Vendor Product", fieldname: "product" };
			new frappe.ui.Dialog({ title: "Choose", fields: [field] }).show();
		}"""
	)
	field = wide.page.locator(".modal.show input[data-fieldname=product]")
	# The dialog takes the focus once it has opened.
	wide.page.wait_for_timeout(1000)
	field.click()
	field.press_sequentially("O'Neill")
	suggestions = wide.page.locator(
		".modal.show [role=option], .modal.show .awesomplete li", has_text="O'Neill"
	)
	suggestions.first.wait_for()
	# The title, and the SKU among the description.
	assert suggestions.first.inner_text().count(READABLE) == 2
	assert inspect(wide, fields=2, place="suggestions") == []
	suggestions.first.click()
	assert field.input_value().startswith(READABLE)


def test_a_kanban_board_shows_titles_and_fields(wide, planted, site):
	name = "MGT canaries"
	site.delete_doc("Kanban Board", name, force=True, ignore_missing=True)
	# A board loads the fields of the list, and every document that its filters let through.
	fields = ["product_title", "sku"]
	filters = [["Vendor Product", "name", "=", planted["Vendor Product"]]]
	board = {
		"doctype": "Kanban Board",
		"kanban_board_name": name,
		"reference_doctype": "Vendor Product",
		"field_name": "status",
		"fields": json.dumps(fields),
		"filters": json.dumps(filters),
		"columns": [{"column_name": status, "status": "Active"} for status in ("Active", "Gone")],
	}
	site.db.set_value("Vendor Product", planted["Vendor Product"], "status", "Active")
	site.get_doc(board).insert()
	site.db.commit()
	wide.visitor.open(f"/app/vendor-product/view/kanban/{name}")
	wide.page.locator(".kanban-card-title").first.wait_for()
	# The title twice: it is also one of the fields.
	wrong = inspect(wide, fields=len(fields) + 1, place="board")
	# The board stores the order of its cards, and is locked meanwhile. What was read before is old.
	wide.settle()
	site.db.rollback()
	site.delete_doc("Kanban Board", name, force=True)
	site.db.commit()
	assert wrong == []


def test_the_values_of_a_sidebar_s_filter_are_shown_and_chosen_as_they_are(wide, planted):
	wide.open("vendor-product/view/list")
	value = canaries.values("Vendor Product")["sku"]
	chosen = wide.page.evaluate(
		"""(value) => {
			const group_by = Object.create(frappe.views.ListGroupBy.prototype);
			group_by.doctype = "Vendor Product";
			const html = group_by.get_dropdown_html({ name: value, count: 1 }, "Data");
			return decodeURIComponent($(html).appendTo(cur_list.$result).data("value"));
		}""",
		value,
	)
	assert chosen == value
	assert inspect(wide, fields=1, place="sidebar") == []


def test_a_notification_shows_the_sentence(wide, site):
	subject = Subject("mgt", "canary", related_to=site.generate_hash(length=8))
	open_issue(
		subject, title=canary(1), detail=canary(2), who_acts=ADMINISTRATOR, what_to_do="Look at MGT canaries."
	)
	site.db.commit()
	wide.open("todo")
	# The bell is above the page in Frappe 15, in the sidebar in 16.
	wide.page.locator(".notifications-icon:visible, .sidebar-notification:visible").first.click()
	wrong = inspect(wide, fields=1, place="bell")
	delete_rows(
		("Notification Log", {"email_content": ("like", "%MGT canaries.%")}),
		("Error Log", {"error": ("like", "%MGT canaries.%")}),
		("Integration Issue", {"related_to": subject.related_to}),
	)
	assert wrong == []


def test_a_lead_shows_what_a_visitor_wrote(wide, site):
	email = f"mgt.{site.generate_hash(length=8)}@example.com"
	leads.record(ContactMessage(canary(1)[:100], email, "", canary(2), canary(3), canary(4)))
	lead = site.db.get_value("Lead", {"email_id": email})
	wide.open(f"lead/{lead}")
	wide.shown.get_by_role("tab", name=re.compile("^Activit")).click()
	# Subject and message; names have other signs in place of < and >.
	assert inspect(wide, fields=2, place="lead") == []
	for place in (f"lead?name={lead}", f"lead/view/report?name={lead}"):
		wide.open(place)
		assert inspect(wide, fields=0, place=place) == []


def test_changes_of_a_document_are_shown(wide, planted, site):
	changed = [["sku", canary(1), canary(2)]]
	version = {"ref_doctype": "Vendor Product", "docname": planted["Vendor Product"]}
	name = canaries.plant("Version", **version, data=json.dumps({"changed": changed}))
	site.db.commit()
	wide.open(f"version/{name}")
	wrong = inspect(wide, fields=2, place="version")
	wide.open(f"vendor-product/{planted['Vendor Product']}")
	wide.page.wait_for_function("() => window.cur_frm?.timeline")
	wide.page.evaluate(
		"""(changed) => {
			const version = { name: "v", owner: "Administrator", creation: frappe.datetime.now_datetime() };
			cur_frm.get_docinfo().versions = [{ ...version, data: JSON.stringify({ changed }) }];
			cur_frm.timeline.refresh();
		}""",
		changed,
	)
	wrong += inspect(wide, fields=1, place="timeline")
	site.db.delete("Version", {"name": name})
	site.db.commit()
	assert wrong == []


def test_the_tooltip_of_a_chart_shows_the_label(wide):
	wide.open("todo")
	wide.page.evaluate(
		"""(label) => {
			const place = $("<div style='height: 300px; width: 800px'>").appendTo(document.body)[0];
			const data = { labels: [label], datasets: [{ name: label, values: [1] }] };
			const chart = new frappe.Chart(place, { type: "bar", data });
			chart.tip.setValues(0, 0, { name: label, value: "" }, [{ title: label, value: 1 }]);
			chart.tip.showTip();
			chart.tip.container.style.opacity = 1;
		}""",
		canary(1),
	)
	assert inspect(wide, fields=2, place="tooltip") == []
