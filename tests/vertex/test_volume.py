"""Statistics: counted in Redis, rolled up into rows, shown as contract B wants them."""

import re
from datetime import datetime, timedelta, timezone

import frappe
import pytest

from medgrid.vertex import volume
from tests.support.connector import forget_limits, issue
from tests.support.http import message
from tests.support.rows import delete_rows

MEMBERS = [
	"id",
	"dateCreated",
	"keyword",
	"throughput",
	"incompleteOnboarding",
	"completeOnboarding",
	"failedOnboarding",
	"latency95",
	"latency90",
	"latency",
]


@pytest.fixture
def empty(site):
	forget_limits()
	delete_rows(("Vertex Data Volume", {}))
	yield
	site.db.rollback()
	delete_rows(("Vertex Data Volume", {}))
	forget_limits()


def soon():
	"""When the minute of now is over."""
	return datetime.now(timezone.utc) + timedelta(minutes=1)


def test_one_row_for_each_keyword_that_had_a_request(empty, connector):
	for hundredths in range(1, 101):
		volume.count(volume.QUOTATION, hundredths / 100)
	volume.count(volume.INVOICE)
	assert len(volume.roll_up(soon())) == 2
	assert volume.roll_up(soon()) == []
	rows = message(connector.get("medgrid.vertex.data_volume"))
	by_keyword = {row["keyword"]: row for row in rows}
	assert set(by_keyword) == {"quotation", "invoice"}
	quotation, invoice = by_keyword["quotation"], by_keyword["invoice"]
	assert list(quotation) == MEMBERS
	assert re.fullmatch(r"dv-[a-z0-9]{17}", quotation["id"])
	assert (quotation["latency"], quotation["latency90"], quotation["latency95"]) == (0.505, 0.9, 0.95)
	assert quotation["throughput"] == 20
	assert (invoice["latency"], invoice["latency90"], invoice["latency95"]) == (None, None, None)
	assert invoice["throughput"] == 0.2


def test_nothing_is_rolled_up_before_its_minute_is_over(empty):
	volume.count(volume.QUOTATION, 1)
	assert volume.roll_up(datetime.now(timezone.utc)) == [] or datetime.now().second < 2


def test_nearest_rank():
	assert volume.nearest_rank([5], 95) == 5
	assert volume.nearest_rank([3, 1, 2, 4], 90) == 4
	assert volume.nearest_rank(list(range(1, 21)), 95) == 19
	assert volume.nearest_rank(list(range(1, 11)), 90) == 9


def test_calls_are_counted(empty, complete_shop, connector):
	message(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()))
	volume.roll_up(soon())
	rows = {row["keyword"]: row for row in message(connector.get("medgrid.vertex.data_volume"))}
	assert set(rows) == {"onboarding", "quotation"}
	assert rows["quotation"]["latency"] > 0
	assert rows["onboarding"]["completeOnboarding"] >= 1


def row(days, keyword="quotation"):
	moment = datetime(2026, 11, 25, 8, 39, 11) - timedelta(days=days)
	name = f"dv-{frappe.generate_hash(length=17)}"
	frappe.get_doc(
		{"doctype": "Vertex Data Volume", "name": name, "date_created": moment, "keyword": keyword}
	).insert(ignore_permissions=True)
	return name


def test_they_are_listed_newest_first_in_pages_and_by_time(empty, connector):
	names = [row(days) for days in range(4)] + [row(1, "invoice")]
	frappe.db.commit()

	def listed(**parameters):
		return [r["id"] for r in message(connector.get("medgrid.vertex.data_volume", **parameters))]

	assert listed(keyword="quotation") == names[:4]
	assert listed(keyword="invoice") == names[4:]
	assert listed(keyword="quotation", limit_page_length=2, limit_start=1) == names[1:3]
	assert listed(**{"keyword": "quotation", "from": "2026-11-24"}) == names[:2]
	assert listed(keyword="quotation", to="2026-11-23") == names[2:4]
	assert listed(
		**{"keyword": "quotation", "from": "2026-11-24T08:39:11Z", "to": "2026-11-24T08:39:11Z"}
	) == [names[1]]
	for wrong in ({"keyword": "tokens"}, {"from": "yesterday"}, {"to": "2026-13-01"}, {"limit_start": -1}):
		issue(connector.get("medgrid.vertex.data_volume", **wrong), 400)


def test_old_rows_are_deleted(site, empty):
	old, new = row(3650), row(0)
	site.db.set_value("Vertex Data Volume", new, "date_created", site.utils.now_datetime())
	site.db.commit()
	assert volume.prune() == 1
	assert site.db.exists("Vertex Data Volume", new) and not site.db.exists("Vertex Data Volume", old)
