"""The patch that makes Exoceuticals Orders, on Sales Orders as release 0.1 wrote them."""

from datetime import datetime

import frappe
import pytest

from medgrid.patches.v1_0 import exoceuticals_orders
from tests.patches.old_columns import old_columns
from tests.support.records import item
from tests.support.vendors import order

COLUMNS = {"exoceuticals_claim": "varchar(140)", "exoceuticals_claimed_at": "datetime(6)"}
CLAIMED_AT = datetime(2026, 11, 25, 23, 59, 59)
SENT_AT = datetime(2026, 11, 24, 12, 0, 0)
SENT = {
	"exoceuticals_order_id": "gid://shopify/Order/7",
	"exoceuticals_order_name": "#1007",
	"exoceuticals_status": "Fulfilled",
	"exoceuticals_sync_date": SENT_AT,
}
RUNNING = {"exoceuticals_claim": "running:abc123", "exoceuticals_claimed_at": CLAIMED_AT}
DOUBTFUL = {"exoceuticals_claim": "doubtful:def456", "exoceuticals_claimed_at": CLAIMED_AT}


@pytest.fixture
def old(site):
	"""`old(values)`: the name of a Sales Order with these values, in the columns of release 0.1."""
	names = []

	def make(values: dict) -> str:
		names.append(order((item("MGT-OLD"), 1, 10)).name)
		frappe.db.set_value("Sales Order", names[-1], dict(values))
		frappe.db.commit()
		return names[-1]

	with old_columns("Sales Order", COLUMNS):
		for fieldname in COLUMNS:
			_custom_field(fieldname)
		frappe.db.commit()
		yield make
		frappe.db.rollback()
		for name in names:
			frappe.db.delete("Exoceuticals Order", {"sales_order": name})
			frappe.db.set_value("Sales Order", name, dict.fromkeys({**SENT, **RUNNING}))
		frappe.db.commit()


def _custom_field(fieldname: str) -> None:
	"""As the fixtures of release 0.1 made it; its column is there already."""
	values = {"dt": "Sales Order", "module": "Medgrid", "fieldname": fieldname, "label": fieldname}
	field = frappe.get_doc({"doctype": "Custom Field", "fieldtype": "Data", "hidden": 1, **values})
	field.name = f"Sales Order-{fieldname}"
	field.db_insert(ignore_if_duplicate=True)


def migrate() -> None:
	exoceuticals_orders.execute()
	frappe.db.commit()


def record_of(sales_order: str):
	frappe.db.rollback()
	return frappe.get_doc("Exoceuticals Order", {"sales_order": sales_order})


def test_an_order_that_was_sent_has_a_record_that_says_so(old):
	name = old(SENT)
	migrate()
	record = record_of(name)
	assert (record.status, record.who_acts, record.attempts) == ("Sent", "Nobody", 1)
	assert (record.order_id, record.order_name) == ("gid://shopify/Order/7", "#1007")
	assert record.sent_at == SENT_AT
	assert (record.claim, record.claimed_at, record.lines) == (None, None, None)


@pytest.mark.parametrize(
	("claim", "status", "token"),
	[(RUNNING, "Sending", "abc123"), (DOUBTFUL, "Outcome Unknown", "def456")],
	ids=["running", "doubtful"],
)
def test_a_claim_becomes_an_open_attempt_of_the_same_time(old, claim, status, token):
	name = old(claim)
	migrate()
	record = record_of(name)
	assert (record.status, record.claim, record.claimed_at) == (status, token, CLAIMED_AT)
	assert frappe.db.sql("SELECT exoceuticals_claim FROM `tabSales Order` WHERE name = %s", name) == (
		(None,),
	)


def test_an_order_that_was_never_sent_gets_no_record(old):
	name = old({})
	migrate()
	assert not frappe.db.exists("Exoceuticals Order", {"sales_order": name})


def test_an_order_that_is_there_is_sent_whatever_its_claim_says(old):
	name = old({**SENT, **DOUBTFUL})
	migrate()
	assert (record_of(name).status, record_of(name).claim) == ("Sent", None)


def test_what_the_sales_order_says_of_shopifys_order_stays(old):
	name = old(SENT)
	migrate()
	assert frappe.db.get_value("Sales Order", name, list(SENT), as_dict=True) == SENT


def test_the_hidden_fields_are_gone(old):
	migrate()
	frappe.clear_cache(doctype="Sales Order")
	meta = frappe.get_meta("Sales Order")
	assert [name for name in COLUMNS if meta.has_field(name)] == []
	assert frappe.db.count("Custom Field", {"dt": "Sales Order", "fieldname": ("in", list(COLUMNS))}) == 0


def test_running_it_again_changes_nothing(old):
	sent, doubtful = old(SENT), old(DOUBTFUL)
	migrate()
	frappe.db.set_value("Exoceuticals Order", {"sales_order": doubtful}, "status", "Waiting")
	frappe.db.set_value("Exoceuticals Order", {"sales_order": sent}, "reason", "newer")
	frappe.db.commit()
	migrate()
	assert (record_of(sent).reason, record_of(doubtful).status) == ("newer", "Waiting")
	assert frappe.db.count("Exoceuticals Order", {"sales_order": ("in", [sent, doubtful])}) == 2


def test_more_than_one_chunk_is_migrated(old, monkeypatch):
	monkeypatch.setattr(exoceuticals_orders, "CHUNK", 2)
	names = [old({**SENT, "exoceuticals_order_id": f"gid://shopify/Order/{number}"}) for number in range(5)]
	migrate()
	assert [record_of(name).order_id for name in names] == [
		f"gid://shopify/Order/{number}" for number in range(5)
	]
