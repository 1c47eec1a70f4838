"""The Workspace "MedGrid" in Desk: figures, charts, and where its shortcuts lead."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import medgrid
from medgrid.contact import inbox
from tests.support import people
from tests.support.store import new_item
from tests.support.vendors import order

pytestmark = pytest.mark.desk
WORKSPACE = Path(medgrid.__file__).parent / "medgrid" / "workspace" / "medgrid" / "medgrid.json"
LISTS = {
	"Vendor Connection": "vendor-connection",
	"Vendor Product": "vendor-product",
	"ShipStation Order": "shipstation-order",
	"Sync Run": "sync-run",
	"Exoceuticals Unmatched Variant": "exoceuticals-unmatched-variant",
	"Integration Event": "integration-event",
	"Contact Message": "contact-message",
	"Text Message Opt Out": "text-message-opt-out",
	"Vertex Tax Document": "vertex-tax-document",
	"Vertex Data Volume": "vertex-data-volume",
}

# The office says which products of a vendor it does not want.
CHANGED_BY_PEOPLE = {"Vendor Product"}

# What Frappe's charts say that are drawn on a page that was just left.
DRAWN_TOO_LATE = "<rect> attribute width"


@pytest.fixture
def undelivered(site):
	"""One Contact Message that is tried no more, and one that is."""
	names = []
	for failures in (inbox.HOURLY_TRIES, 1):
		message = site.get_doc({"doctype": "Contact Message", "words": '{"name": "MGT"}'}).insert()
		message.db_set("failures", failures)
		names.append(message.name)
	site.db.commit()
	yield names
	site.db.rollback()
	site.db.delete("Contact Message", {"name": ("in", names)})
	site.db.commit()


@pytest.fixture
def unknown(site):
	"""The record of a Sales Order of which nobody knows whether Shopify has it."""
	sales_order = order((new_item(), 1, 10)).name
	record = {"doctype": "Exoceuticals Order", "sales_order": sales_order, "status": "Outcome Unknown"}
	name = site.get_doc(record).insert().name
	site.db.commit()
	yield name
	site.db.rollback()
	site.db.delete("Exoceuticals Order", {"name": name})
	site.db.commit()


@pytest.fixture
def workspace(desk, administrator):
	return desk(administrator)


def cards(site) -> dict[str, int]:
	from frappe.desk.doctype.number_card.number_card import get_result

	site.db.rollback()
	rows = site.get_doc("Workspace", "MedGrid").number_cards
	documents = {row.label: site.get_doc("Number Card", row.number_card_name) for row in rows}

	def count(card) -> int:
		if card.type == "Custom":
			return site.get_attr(card.method)()["value"]
		return int(get_result(card.as_json(), card.filters_json))

	return {label: count(card) for label, card in documents.items()}


def test_its_cards_show_what_there_is(workspace, site, undelivered, unknown):
	workspace.open("medgrid")
	figures = cards(site)
	assert len(figures) == len(json.loads(WORKSPACE.read_text())["number_cards"])
	assert figures["Undelivered Contact Messages"] >= 1
	assert figures["Outcome unknown"] >= 1
	for label, figure in figures.items():
		card = workspace.shown.locator(".number-widget-box", has=workspace.page.get_by_title(label))
		expect(card.locator(".widget-content .number")).to_have_text(str(figure))


def test_its_charts_are_drawn(workspace, site):
	event = site.new_doc("Integration Event").update({"source": "mgt", "outcome": "Updated"})
	event.event_id, event.received_at = site.generate_hash(), site.utils.now_datetime()
	event.insert()
	site.db.commit()
	workspace.open("medgrid")
	for label in ("Orders pushed per day", "Events per day"):
		box = workspace.shown.locator(".dashboard-widget-box", has=workspace.page.get_by_title(label))
		expect(box.locator("svg.frappe-chart")).to_be_visible()
	expect(box.locator("svg .dataset-units .bar").first).to_be_attached()


def test_every_shortcut_leads_to_what_it_counts(workspace, site):
	workspace.visitor.expected_errors.append(DRAWN_TOO_LATE)
	workspace.open("medgrid")
	for row in site.get_doc("Workspace", "MedGrid").shortcuts:
		shortcut = workspace.shown.locator(".shortcut-widget-box", has=workspace.page.get_by_title(row.label))
		# Frappe 16 opens addresses in a window of their own.
		workspace.page.evaluate("() => { window.open = (url) => location.assign(url); }")
		shortcut.click()
		if row.type == "URL":
			workspace.page.wait_for_url(re.compile(re.escape(row.url)))
		elif site.get_meta(row.link_to).issingle:
			# Its form has no title in Frappe 16.
			workspace.page.wait_for_function("name => window.cur_frm?.doctype === name", arg=row.link_to)
		else:
			expect(workspace.shown.locator(".title-text").first).to_have_text(row.link_to)
			workspace.settle()
			filters = json.loads(row.stats_filter or "{}")
			if filters:
				applied = workspace.page.evaluate("cur_list.filter_area.get().map(([, field]) => field)")
				assert set(applied) >= set(filters), row.label
		workspace.open("medgrid")


def test_the_shortcut_to_undelivered_messages_shows_only_those(workspace, undelivered):
	given_up, still_tried = undelivered
	workspace.visitor.expected_errors.append(DRAWN_TOO_LATE)
	workspace.open("medgrid")
	workspace.shown.get_by_title("Contact messages: undelivered").click()
	rows = workspace.shown.locator(".list-row-container")
	expect(rows.get_by_text(given_up)).to_be_visible()
	expect(rows.get_by_text(still_tried)).to_have_count(0)


@pytest.mark.parametrize(("doctype", "path"), LISTS.items(), ids=LISTS.values())
def test_lists_and_forms_open_and_only_some_can_be_changed(workspace, site, doctype, path):
	workspace.open(path)
	expect(workspace.shown.locator(".title-text").first).to_have_text(doctype)
	expect(workspace.shown.get_by_role("button", name=f"Add {doctype}")).to_have_count(0)
	for name in site.get_all(doctype, limit=1, order_by="creation desc", pluck="name"):
		workspace.open(f"{path}/{name}")
		expect(workspace.shown.locator(".form-layout")).to_be_visible()
		save = workspace.shown.locator(".page-head").get_by_role("button", name="Save")
		expect(save).to_be_visible(visible=doctype in CHANGED_BY_PEOPLE)
		editable = ".form-layout .frappe-control:not([data-fieldtype=Check]) input:visible"
		expect(workspace.shown.locator(editable)).to_have_count(0)


def test_medgrid_settings_can_be_changed(workspace, site):
	workspace.open("medgrid-settings")
	expect(workspace.field("shopify_redirect_url")).to_contain_text("shopify_callback")
	assert workspace.page.evaluate("cur_frm.perm[0].write") == 1


def test_only_administrators_find_it(desk, administrator):
	seller = people.person("mgt.desk.salesmanager@example.com", "Sales Manager")
	for person, finds in ((administrator, True), (seller, False)):
		opened = desk(person).open("sales-order")
		found = opened.page.evaluate("frappe.xcall('frappe.desk.desktop.get_workspace_sidebar_items')")
		assert ("MedGrid" in [page["name"] for page in found["pages"]]) is finds
