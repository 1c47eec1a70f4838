"""Times that are stored in UTC, in Desk: their labels say so, and nobody's time zone changes them."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.support import people
from tests.support.store import new_item
from tests.support.vendors import order

pytestmark = pytest.mark.desk
MOMENT, SHOWN = "2026-11-22 03:04:05", "03:04:05"


@pytest.fixture
def in_tokyo(environment, site):
	"""A System Manager whose time zone is far from the site's."""
	person = people.person("mgt.desk.tokyo@example.com", "System Manager", "Sales Manager", "Item Manager")
	people.change(person.email, time_zone="Asia/Tokyo")
	return person


@pytest.mark.parametrize(
	("doctype", "field", "linked"),
	[
		("Sales Order", "exoceuticals_sync_date", {"exoceuticals_order_id": "gid://shopify/Order/1"}),
		("Item", "exoceuticals_last_synced", {"exoceuticals_variant_id": "gid://shopify/ProductVariant/1"}),
	],
)
def test_a_time_in_utc_is_shown_as_it_is_stored(desk, in_tokyo, site, doctype, field, linked):
	item = new_item()
	name = item if doctype == "Item" else order((item, 1, 10)).name
	site.db.set_value(doctype, name, {field: MOMENT, **linked})
	site.db.commit()
	form = desk(in_tokyo).open(f"{frappe.scrub(doctype).replace('_', '-')}/{name}")
	form.tab("Exoceuticals").click()
	shown = form.field(field)
	expect(shown).to_contain_text("(UTC)")
	expect(shown.locator(".control-value")).to_contain_text(SHOWN)
	expect(shown).not_to_contain_text("Asia/Tokyo")
