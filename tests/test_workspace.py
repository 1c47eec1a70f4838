"""The Workspace "MedGrid" in Desk: everything on it exists and can be counted."""

import json

import pytest

CHART = "MedGrid Orders Pushed per Day"


@pytest.fixture
def workspace(site):
	return site.get_doc("Workspace", "MedGrid")


def test_only_administrators_have_it(workspace):
	assert workspace.public == 1
	assert [row.role for row in workspace.roles] == ["System Manager"]


def test_every_link_and_shortcut_leads_somewhere(site, workspace):
	doctypes = [row.link_to for row in (*workspace.links, *workspace.shortcuts) if row.link_to]
	assert {"Medgrid Settings", "Vendor Connection", "ShipStation Order"} <= set(doctypes)
	assert [name for name in doctypes if not site.db.exists("DocType", name)] == []
	for row in workspace.shortcuts:
		for field in json.loads(row.stats_filter or "{}"):
			assert site.get_meta(row.link_to).has_field(field)


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

	assert len(workspace.number_cards) == 3
	for row in workspace.number_cards:
		card = site.get_doc("Number Card", row.number_card_name)
		counted = get_result(card.as_json(), card.filters_json)
		assert counted == site.db.count(card.document_type, json.loads(card.filters_json))


def test_its_chart_counts_the_orders_pushed_each_day(site):
	from frappe.desk.doctype.dashboard_chart.dashboard_chart import get

	data = get(chart_name=CHART, refresh=1)
	last_month = site.utils.add_months(site.utils.nowdate(), -1)
	pushed = site.db.count("ShipStation Order", {"pushed_at": (">=", last_month)})
	assert 28 <= len(data["labels"]) <= 33
	assert sum(data["datasets"][0]["values"]) == pushed
