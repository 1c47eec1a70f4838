"""The net under the webhooks: asking about orders whose news may have been lost."""

from datetime import timedelta

import frappe
import pytest

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import FULFILLMENTS, ORDERS_STATUS
from medgrid.core.clock import stored_utc_now
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment import reconciliation
from medgrid.exoceuticals.fulfillment.reconciliation import reconcile
from medgrid.http_client.errors import CredentialsRejected

NOTHING = {"checked": 0, "updated": 0, "unchanged": 0, "stale": 0, "gone": 0, "failed": 0}


@pytest.fixture
def store(linked_store):
	return linked_store


def run(heartbeat=lambda: None) -> dict:
	"""What is not nothing of the counts."""
	frappe.db.commit()
	store = settings.load()
	counts = reconcile(store_client(store, seconds=60, heartbeat=heartbeat))
	frappe.db.rollback()
	assert list(counts) == list(NOTHING)
	return {name: count for name, count in counts.items() if count}


def asked(store) -> list[str]:
	return [entry["operation"] for entry in store.control.received(store.domain)]


def ago(**duration):
	return stored_utc_now() - timedelta(**duration)


def test_a_lost_webhook_is_made_up_for(store, order):
	order.do("fulfill", "1Z1", "UPS", "https://ups.com/1Z1", silent=True)
	assert run() == {"checked": 1, "updated": 1}
	assert order.row().status == "Fulfilled"
	assert order.tracking() == ("1Z1", "UPS", "https://ups.com/1Z1")


def test_what_was_looked_at_within_the_hour_is_not_asked_about(store, order):
	run()
	store.control.clear_received()
	assert run() == {}
	assert asked(store) == []


def test_where_nothing_changed_nothing_is_written_but_the_time_of_looking(order):
	run()
	order.set(checked_at=ago(hours=2))
	before = order.row()
	assert run() == {"checked": 1, "unchanged": 1}
	after = order.row()
	assert after.pop("checked_at") > before.pop("checked_at")
	assert after == before


def test_fresh_news_by_webhook_count_as_looking(store, order):
	store.subscribe("orders/fulfilled")
	order.do("fulfill", "1Z1", "UPS")
	store.delivered()
	assert run() == {}


def test_open_questions_of_a_webhook_are_asked_at_once(store, order):
	order.set(checked_at=None, status="Unfulfilled", updated_at=stored_utc_now())
	assert run()["checked"] == 1


@pytest.mark.parametrize(
	("state", "is_due"),
	[
		({"status": "Cancelled", "updated_at": {"days": 1}}, False),
		({"status": "Fulfilled", "updated_at": {"days": 13}, "tracking_number": "N"}, True),
		({"status": "Fulfilled", "updated_at": {"days": 15}, "tracking_number": "N"}, False),
		({"status": "Fulfilled", "updated_at": {"days": 15}}, True),
		({"status": "Fulfilled", "updated_at": {"days": 61}}, False),
		({"status": "Restocked", "updated_at": {"days": 61}}, False),
		({"status": "On Hold", "updated_at": {"days": 59}}, True),
		({"status": "On Hold", "updated_at": {"days": 61}}, False),
		({"status": "On Hold", "updated_at": {"days": 61}, "checked_at": {"hours": 25}}, True),
		({"status": None}, True),
		({"status": "Fulfilled", "tracking_number": "N"}, True),
		({"status": "Unfulfilled", "checked_at": {"minutes": 59}}, False),
	],
)
def test_which_orders_are_due(store, order, state, is_due):
	"""Two hours after they were last looked at, unless the case says otherwise."""
	times = {name: ago(**state[name]) for name in ("updated_at", "checked_at") if name in state}
	order.set(**{"checked_at": ago(hours=2), **state, **times})
	assert (run().get("checked", 0) == 1) is is_due


def test_an_order_that_is_gone_stays_as_it_is_and_is_asked_about_again_later(order):
	order.set(order_id="gid://shopify/Order/404404404", status="Unfulfilled")
	assert run() == {"checked": 1, "gone": 1}
	assert order.row().status == "Unfulfilled"
	assert run() == {}


def test_a_webhook_that_was_faster_wins(store, order, monkeypatch):
	"""It comes while Shopify is asked."""
	order.set(status="Unfulfilled", checked_at=ago(hours=2))
	real = ShopifyClient.execute

	def asked_before_the_webhook(client, *arguments, **options):
		data = real(client, *arguments, **options)
		order.set(status="Fulfilled", updated_at="2999-01-01 00:00:00")
		return data

	monkeypatch.setattr(ShopifyClient, "execute", asked_before_the_webhook)
	assert run() == {"checked": 1, "stale": 1}
	assert order.row().status == "Fulfilled"


def test_what_shopify_says_now_beats_what_a_webhook_said_before(order):
	order.set(status="Fulfilled", updated_at="2999-01-01 00:00:00", checked_at=None)
	assert run() == {"checked": 1, "updated": 1}
	assert order.row().status == "Unfulfilled"


def test_an_order_with_many_shipments_is_asked_about_by_itself(store):
	order = store.order(quantity=7)
	for number in range(7):
		order.do("fulfill", f"N{number}", "UPS", quantities={"MGT-EXO": 1}, silent=True)
	assert run() == {"checked": 1, "updated": 1}
	assert asked(store) == ["orders_status", "order_status"]
	assert order.row().tracking_number == "N6"
	assert len(frappe.parse_json(order.row().fulfillments)) == 7


def test_orders_go_in_batches_and_each_is_asked_about_once(store, monkeypatch):
	orders = [store.order() for _number in range(5)]
	monkeypatch.setattr(reconciliation, "BATCH", 2)
	for order in orders[1::2]:
		order.do("fulfill", "1Z1", "UPS", silent=True)
	renewed = []
	assert run(lambda: renewed.append(1)) == {"checked": 5, "updated": 5}
	assert asked(store) == ["orders_status"] * 3
	assert len(renewed) == 3
	assert [order.row().status for order in orders] == ["Unfulfilled", "Fulfilled"] * 2 + ["Unfulfilled"]


def test_a_batch_of_ninety_costs_less_than_a_query_may(store, order):
	"""Ids that nobody has cost the same."""
	ids = [f"gid://shopify/Order/{number}" for number in range(1, 1 + reconciliation.BATCH)]
	client = store_client(settings.load(), seconds=60)
	variables = {"ids": ids, "fulfillments": FULFILLMENTS}
	cost = ORDERS_STATUS.cost * reconciliation.BATCH
	assert cost < 1000
	assert client.execute("orders_status", variables, cost=cost)["nodes"] == [None] * reconciliation.BATCH


def test_an_id_that_is_none_of_shopifys_spoils_no_batch(store, order):
	other = store.order()
	other.set(order_id="#1042")
	assert run() == {"checked": 1, "updated": 1}


def test_when_shopify_refuses_what_was_done_stays_done(store, monkeypatch):
	orders = [store.order() for _number in range(3)]
	monkeypatch.setattr(reconciliation, "BATCH", 2)

	def revoke_after_the_first_batch():
		if asked(store):
			store.control.revoke_token(store.domain)

	with pytest.raises(CredentialsRejected):
		run(revoke_after_the_first_batch)
	assert [order.row().status for order in orders] == ["Unfulfilled", "Unfulfilled", None]


def test_an_answer_that_makes_no_sense_for_one_order_spoils_no_other(store, monkeypatch):
	orders = [store.order() for _number in range(2)]
	real = ShopifyClient.execute

	def without_a_status(client, *arguments, **options):
		data = real(client, *arguments, **options)
		data["nodes"][0]["displayFulfillmentStatus"] = None
		return data

	monkeypatch.setattr(ShopifyClient, "execute", without_a_status)
	assert run() == {"checked": 2, "updated": 1, "failed": 1}
	assert sorted(order.row().status or "" for order in orders) == ["", "Unfulfilled"]
	assert run() == {"checked": 1, "failed": 1}


def test_what_was_looked_at_longest_ago_is_asked_about_first(store, monkeypatch):
	"""Else those with the highest numbers would never have their turn where there is no time for all."""
	orders = [store.order() for _number in range(4)]
	for order, hours in zip(orders, (2, 4, None, 3), strict=True):
		order.set(checked_at=hours and ago(hours=hours))
	monkeypatch.setattr(reconciliation, "BATCH", 1)
	assert run() == {"checked": 4, "updated": 4}
	bodies = [entry["body"] for entry in store.control.received(store.domain)]
	assert [body["variables"]["ids"] for body in bodies] == [[orders[place].id] for place in (2, 1, 3, 0)]


def test_orders_that_were_looked_at_together_are_asked_about_once_each(store, monkeypatch):
	orders = [store.order() for _number in range(5)]
	moment = ago(hours=2)
	for order in orders:
		order.set(checked_at=moment)
	monkeypatch.setattr(reconciliation, "BATCH", 2)
	assert run() == {"checked": 5, "updated": 5}
	assert asked(store) == ["orders_status"] * 3
