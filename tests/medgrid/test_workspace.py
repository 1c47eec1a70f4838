"""The Workspace "MedGrid" in Desk: everything on it exists and can be counted."""

import json

import pytest

CHARTS = {
	"MedGrid Orders Pushed per Day": ("ShipStation Order", "pushed_at"),
	"MedGrid Events per Day": ("Integration Event", "creation"),
}
LINKED = {
	"Medgrid Settings",
	"System Settings",
	"Vendor Connection",
	"Vendor Product",
	"ShipStation Order",
	"Exoceuticals Unmatched Variant",
	"Exoceuticals Order",
	"Sync Run",
	"Integration Event",
	"Integration Issue",
	"Contact Message",
	"Error Log",
	"Vertex Settings",
	"Vertex Merchant",
	"Vertex Tax Document",
	"Vertex Data Volume",
}


@pytest.fixture
def workspace(site):
	return site.get_doc("Workspace", "MedGrid")


def test_only_administrators_have_it(workspace):
	assert workspace.public == 1
	assert [row.role for row in workspace.roles] == ["System Manager"]


def test_every_link_and_shortcut_leads_somewhere(site, workspace):
	doctypes = [row.link_to for row in (*workspace.links, *workspace.shortcuts) if row.link_to]
	for rows in (workspace.links, workspace.shortcuts):
		assert {row.link_to for row in rows} >= LINKED
	assert [name for name in doctypes if not site.db.exists("DocType", name)] == []
	for row in workspace.shortcuts:
		for name, value in json.loads(row.stats_filter or "{}").items():
			if name == "modified":
				continue
			field = site.get_meta(row.link_to).get_field(name)
			assert field, (row.label, name)
			assert field.fieldtype != "Select" or value in field.options.split("\n"), row.label


def test_every_shortcut_can_be_counted(site, workspace):
	for row in workspace.shortcuts:
		if row.stats_filter:
			site.get_list(row.link_to, filters=json.loads(row.stats_filter), limit=1)


def test_every_block_shows_something_that_is_on_the_workspace(workspace):
	known = {
		"chart": ("chart_name", [row.label for row in workspace.charts]),
		"number_card": ("number_card_name", [row.label for row in workspace.number_cards]),
		"shortcut": ("shortcut_name", [row.label for row in workspace.shortcuts]),
		"card": ("card_name", [row.label for row in workspace.links if row.type == "Card Break"]),
	}
	blocks = json.loads(workspace.content)
	for kind, (key, labels) in known.items():
		shown = [block["data"][key] for block in blocks if block["type"] == kind]
		assert shown == labels, kind


def test_its_numbers_can_be_counted(site, workspace):
	from frappe.desk.doctype.number_card.number_card import get_result

	assert len(workspace.number_cards) == 12
	for row in workspace.number_cards:
		card = site.get_doc("Number Card", row.number_card_name)
		if card.type == "Custom":
			assert site.get_attr(card.method)()["value"] >= 0
			continue
		counted = get_result(card.as_json(), card.filters_json)
		# Not db.count: Frappe 15's knows no time spans.
		rows = site.get_all(card.document_type, filters=json.loads(card.filters_json), limit=0)
		assert counted == len(rows)


def test_failed_events_are_counted_for_a_week(site):
	from frappe.desk.doctype.number_card.number_card import get_result

	card = site.get_doc("Number Card", "MedGrid Failed Events")
	before = get_result(card.as_json(), card.filters_json)
	for days, outcome in ((0, "Failed"), (6, "Failed"), (9, "Failed"), (0, "Updated")):
		event = site.new_doc("Integration Event").update({"source": "mgt", "outcome": outcome})
		event.event_id = f"mgt-{days}-{outcome}"
		event.received_at = site.utils.now_datetime()
		event.insert()
		event.db_set("creation", site.utils.add_days(site.utils.now_datetime(), -days))
	assert get_result(card.as_json(), card.filters_json) == before + 2


def test_messages_that_failed_for_a_day_are_counted(site):
	from frappe.desk.doctype.number_card.number_card import get_result

	from medgrid.contact import inbox

	card = site.get_doc("Number Card", "MedGrid Undelivered Contact Messages")
	before = get_result(card.as_json(), card.filters_json)
	for failures in (0, inbox.HOURLY_TRIES - 1, inbox.HOURLY_TRIES):
		site.get_doc({"doctype": "Contact Message", "words": "{}", "failures": failures}).insert()
	assert get_result(card.as_json(), card.filters_json) == before + 1


def test_its_shortcut_and_its_card_mean_the_same_messages(site, workspace):
	card = site.get_doc("Number Card", "MedGrid Undelivered Contact Messages")
	[shortcut] = [row for row in workspace.shortcuts if row.link_to == "Contact Message"]
	[(_doctype, field, operator, value, _hidden)] = json.loads(card.filters_json)
	assert json.loads(shortcut.stats_filter) == {field: [operator, value]}


def test_orders_of_unknown_outcome_are_counted(site):
	from frappe.desk.doctype.number_card.number_card import get_result

	from tests.support.records import item
	from tests.support.vendors import order

	card = site.get_doc("Number Card", "MedGrid Orders in Doubt")
	assert card.label == "Outcome unknown"
	before = get_result(card.as_json(), card.filters_json)
	for status in ("Waiting", "Sending", "Outcome Unknown", "Sent"):
		sales_order = order((item("MGT-IN-DOUBT"), 1, 10)).name
		record = {"doctype": "Exoceuticals Order", "sales_order": sales_order, "status": status}
		site.get_doc(record).insert()
	assert get_result(card.as_json(), card.filters_json) == before + 2


def test_every_chart_is_on_it(workspace):
	assert [row.chart_name for row in workspace.charts] == list(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_its_charts_count_each_day_of_the_last_month(site, name):
	from frappe.desk.doctype.dashboard_chart.dashboard_chart import get

	doctype, field = CHARTS[name]
	data = get(chart_name=name, refresh=1)
	last_month = site.utils.add_months(site.utils.nowdate(), -1)
	assert 28 <= len(data["labels"]) <= 33
	# The chart ends with the site's present time, which may be behind UTC.
	days = [last_month, site.utils.now_datetime()]
	assert sum(data["datasets"][0]["values"]) == site.db.count(doctype, {field: ("between", days)})


def test_frappe_16s_desktop_and_sidebar_have_medgrid(site):
	if not site.db.exists("DocType", "Workspace Sidebar"):
		pytest.skip("Frappe 15 has a sidebar of all Workspaces")
	icon = site.get_doc("Desktop Icon", "MedGrid")
	sidebar = site.get_doc("Workspace Sidebar", icon.link_to)
	assert (icon.app, icon.link_type, icon.standard, icon.hidden) == ("medgrid", "Workspace Sidebar", 1, 0)
	assert (sidebar.app, sidebar.module, sidebar.standard) == ("medgrid", "Medgrid", 1)
	links = [row for row in sidebar.items if row.type == "Link"]
	assert [row.label for row in links if not site.db.exists(row.link_type, row.link_to)] == []
	assert {row.link_to for row in links} >= LINKED - {"Error Log"}
