"""The store's webhooks, over HTTP, by hand and from the simulated Shopify. Contract: "exoceuticals
webhook"."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import frappe
import pytest

from medgrid.core.clock import stored_utc_now
from medgrid.core.jobs import dotted_name
from medgrid.exoceuticals.fulfillment import refresh
from medgrid.exoceuticals.webhooks import handlers
from medgrid.webhooks import events as event_log
from medgrid.webhooks.source import Delivery, Signer, WebhookOutcome
from tests.support import limits
from tests.support.http import error
from tests.support.rows import delete_rows
from tests.support.store_webhooks import (
	CLIENT_SECRET,
	EXAMPLE_FULFILLMENT,
	PATH,
	SETTINGS,
	UNAUTHENTICATED,
	WEBHOOK_SECRET,
	events,
	secret,
	set_secrets,
	set_settings,
	status_of,
)
from tests.support.waiting import wait_for, wait_for_jobs, wait_until_equal

EXAMPLE_TRACKING = ("1Z999AA10123456784", "UPS", "https://ups.com/track?number=1Z999AA10123456784")
TOPICS = ("orders/updated", "orders/fulfilled", "orders/cancelled")


@pytest.fixture
def store(linked_store):
	return linked_store


def refused(answer):
	assert answer.status_code == 401, answer.text
	assert answer.json() == UNAUTHENTICATED


# what it does


def test_the_contracts_example_fulfills_the_order(store, order):
	answer = status_of(store.send(order.example(), "orders/fulfilled"))
	assert answer == {"status": "ok", "topic": "orders/fulfilled", "sales_order": order.sales_order}
	assert order.row().status == "Fulfilled"
	assert order.tracking() == EXAMPLE_TRACKING


def test_the_contracts_example_twice_changes_nothing_more(store, order):
	store.send(order.example(), "orders/fulfilled")
	before = order.row()
	status_of(store.send(order.example(), "orders/fulfilled"))
	assert order.row() == before
	assert [event.outcome for event in order.events()] == ["Updated"]


def test_an_order_goes_from_unfulfilled_to_fulfilled_by_shopifys_own_webhooks(store, order):
	store.subscribe()
	order.do("set_status", None)
	store.delivered()
	assert order.row().status == "Unfulfilled"
	order.do("fulfill", "1Z1", "UPS", "https://ups.com/1Z1", quantities={"MGT-EXO": 1})
	store.delivered()
	assert (order.row().status, order.tracking()) == (
		"Partially Fulfilled",
		("1Z1", "UPS", "https://ups.com/1Z1"),
	)
	order.do("fulfill", "1Z2", "UPS", "https://ups.com/1Z2")
	store.delivered()
	row = order.row()
	assert (row.status, row.order_name) == ("Fulfilled", order.payload()["name"])
	assert order.tracking() == ("1Z2", "UPS", "https://ups.com/1Z2")
	kept = frappe.parse_json(row.fulfillments)
	assert [entry["tracking"][0]["number"] for entry in kept] == ["1Z1", "1Z2"]


def test_a_cancelled_order_is_cancelled(store, order):
	store.subscribe()
	order.do("cancel")
	store.delivered()
	assert order.row().status == "Cancelled"


def test_several_labels_of_one_shipment_are_all_kept(store, order):
	labels = [{"number": f"P{n}", "company": "FedEx", "url": f"https://fedex.com/P{n}"} for n in (1, 2, 3)]
	store.subscribe("orders/updated")
	order.do("fulfill", tracking=labels)
	store.delivered()
	assert order.tracking() == ("P1", "FedEx", "https://fedex.com/P1")
	assert frappe.parse_json(order.row().fulfillments)[0]["tracking"] == labels


def test_a_corrected_tracking_number_arrives(store, order):
	store.subscribe("orders/updated")
	order.do("fulfill", "WRONG", "UPS")
	store.delivered()
	order.do("change_tracking", [{"number": "RIGHT", "company": "UPS"}])
	store.delivered()
	assert order.tracking() == ("RIGHT", "UPS", None)


def test_a_cancelled_shipment_takes_its_tracking_away(store, order):
	store.subscribe("orders/updated")
	order.do("fulfill", "1Z1", "UPS")
	store.delivered()
	order.do("cancel_fulfillment")
	store.delivered()
	assert order.row().status == "Unfulfilled"
	assert order.tracking() == (None, None, None)


def test_a_later_payload_without_tracking_takes_none_away(store, order):
	store.send(order.example(updated_at="2026-06-18T12:00:00Z"))
	store.send(order.example(updated_at="2026-06-18T13:00:00Z", fulfillments=[]))
	assert order.tracking() == EXAMPLE_TRACKING


def test_a_dangerous_tracking_url_is_not_stored(store, order):
	parcel = {**EXAMPLE_FULFILLMENT, "tracking_urls": ["javascript:alert(1)"]}
	store.send(order.example(fulfillments=[parcel]))
	assert order.tracking() == ("1Z999AA10123456784", "UPS", None)


def test_an_endless_text_is_cut_and_an_endless_number_is_none(store, order):
	before = order.row().order_name
	parcel = {"tracking_number": "9" * 500, "tracking_company": "U" * 500}
	status_of(store.send(order.example(fulfillments=[parcel], name="#" * 500)))
	row = order.row()
	assert (row.tracking_number, len(row.carrier), row.order_name) == (None, 140, before)


def test_what_arrives_changes_modified_so_that_desk_notices(store, order):
	before = order.row().modified
	store.send(order.example())
	assert order.row().modified > before


def test_a_change_of_something_else_leaves_modified_alone(store, order):
	store.send(order.example(updated_at="2026-06-18T12:00:00Z"))
	before = order.row()
	store.send(order.example(updated_at="2026-06-18T13:00:00Z"))
	after = order.row()
	assert (after.modified, after.status) == (before.modified, "Fulfilled")
	assert after.updated_at == datetime(2026, 6, 18, 13)


def test_an_order_on_hold_stays_so_though_webhooks_say_unfulfilled(store, order):
	"""REST cannot tell the two apart: a worker asks through GraphQL."""
	store.subscribe("orders/updated")
	order.do("hold")
	store.delivered()
	wait_until_equal(lambda: order.row().status, "On Hold")
	order.do("release_hold")
	store.delivered()
	wait_until_equal(lambda: order.row().status, "Unfulfilled")


def test_a_queue_that_takes_no_more_jobs_fails_no_webhook(store, order, site, monkeypatch):
	"""What the webhook told is committed; the question stays open for the next reconciliation."""

	def overflow(*arguments, **options):
		site.throw("Too many queued background jobs", site.PermissionError)

	frappe.cache.delete(f"medgrid:exoceuticals:questions:{frappe.local.site}")
	monkeypatch.setattr(frappe, "enqueue", overflow)
	refresh.schedule_refresh()
	site.db.commit()
	assert site.local.message_log == []


def test_many_webhooks_in_a_row_ask_for_few_jobs(store, order, site, monkeypatch):

	asked = []
	frappe.cache.delete(f"medgrid:exoceuticals:questions:{frappe.local.site}")
	monkeypatch.setattr(frappe, "enqueue", lambda method, **options: asked.append(method))
	for _webhook in range(20):
		refresh.schedule_refresh()
	site.db.commit()
	assert asked == [dotted_name(refresh.refresh_pending)]
	assert callable(frappe.get_attr(asked[0]))


def test_what_a_webhook_leaves_open_is_asked_about_and_nothing_else(store, order, site):

	other = store.order()
	other.set(checked_at="2026-01-01 00:00:00", status="Unfulfilled")
	order.do("hold")
	refresh.refresh_pending()
	site.db.commit()
	assert (order.row().status, other.row().status) == ("On Hold", "Unfulfilled")
	assert len(store.control.received(store.domain)) == 1
	assert str(other.row().checked_at) == "2026-01-01 00:00:00"


def test_without_a_token_a_webhooks_word_stands(store, order):
	set_secrets(api_token=None)
	order.set(status="Scheduled")
	payload = order.example(fulfillment_status=None, fulfillments=[], updated_at="2026-06-18T12:00:00Z")
	status_of(store.send(payload))
	assert order.row().status == "Scheduled"
	# Nobody could be asked: the next reconciliation will.
	assert order.row().checked_at is None


# signatures


def test_a_wrong_signature_is_401_with_the_contracts_body(store, order):
	refused(store.send(order.example(), secret="another secret"))
	assert order.row().status is None
	assert order.events() == []


@pytest.mark.parametrize(
	"signature",
	[None, "", "x", "é", "AAAA", base64.b64encode(bytes(32)).decode()],
	ids=["none", "empty", "short", "not ASCII", "too short", "zeros"],
)
def test_no_signature_or_nonsense_is_401(store, order, signature):
	if signature == "é":
		signature = "é".encode()
	refused(store.send(order.example(), X_Shopify_Hmac_Sha256=signature))
	assert order.events() == []


def test_a_changed_body_is_401(store, order):
	right = store.send(order.example()).request
	answer = store.send(
		right.body.replace(b"UPS", b"DHL"), X_Shopify_Hmac_Sha256=right.headers["X-Shopify-Hmac-Sha256"]
	)
	refused(answer)


def test_without_any_secret_nothing_is_signed(store, order):
	set_secrets(webhook_secret=None, client_secret=None)
	refused(store.send(order.example(), secret=""))
	refused(store.send(order.example()))


def test_the_apps_client_secret_signs_as_well(store, order):
	status_of(store.send(order.example(), secret=CLIENT_SECRET))
	assert order.row().status == "Fulfilled"


def test_a_get_is_refused(store):
	answer = store.guest.request("GET", PATH)
	assert answer.status_code in (401, 403, 405)


def test_wrong_signatures_are_limited_and_right_ones_never(store, order):
	limits.use_up("exoceuticals_webhook", 300)
	error(store.send(order.example(), secret="wrong"), 429, "RateLimitExceededError")
	status_of(store.send(order.example()))


def test_right_signatures_are_not_counted(store, order):
	status_of(store.send(order.example()))
	assert limits.used("exoceuticals_webhook") == 0
	refused(store.send(order.example(), secret="wrong"))
	assert limits.used("exoceuticals_webhook") == 1


# rotation


def replace_secret(manager, **values):
	"""As an administrator does in System Settings, through Frappe's own door."""
	content = {f"exoceuticals_{name}": value for name, value in values.items()}
	answer = manager.request("PUT", f"/api/resource/{SETTINGS}/{SETTINGS}", json=content)
	assert answer.status_code == 200, answer.text
	return answer


@pytest.mark.parametrize(
	("name", "old"), [("webhook_secret", WEBHOOK_SECRET), ("client_secret", CLIENT_SECRET)]
)
def test_after_a_rotation_old_and_new_secret_are_good(store, order, manager, name, old):
	replace_secret(manager, **{name: "the-new-secret"})
	status_of(store.send(order.example(), secret=old))
	status_of(store.send(order.example(), secret="the-new-secret"))


def test_six_hours_after_a_rotation_only_the_new_one_is(store, order, manager):
	replace_secret(manager, webhook_secret="the-new-secret")
	until = frappe.db.get_single_value(SETTINGS, "exoceuticals_webhook_secret_until", cache=False)
	ahead = frappe.utils.get_datetime(until) - stored_utc_now()
	assert timedelta(minutes=355) < ahead <= timedelta(hours=6)
	set_settings(webhook_secret_until=stored_utc_now() - timedelta(seconds=1))
	refused(store.send(order.example(), secret=WEBHOOK_SECRET))
	status_of(store.send(order.example(), secret="the-new-secret"))


def test_saving_the_settings_without_a_new_secret_keeps_everything(store, order, manager):
	replace_secret(manager, webhook_secret="the-new-secret")
	replace_secret(manager, order_tag="Other")
	status_of(store.send(order.example(), secret=WEBHOOK_SECRET))
	status_of(store.send(order.example(), secret="the-new-secret"))
	assert secret("webhook_secret") == "the-new-secret"


def test_desk_saves_a_rotation_too(store, order, manager):
	"""Desk sends the whole document, with asterisks for what it was not shown."""
	document = manager.request("GET", f"/api/resource/{SETTINGS}/{SETTINGS}").json()["data"]
	document["exoceuticals_webhook_secret"] = "the-new-secret"
	content = {"doc": frappe.as_json(document), "action": "Save"}
	answer = manager.request("POST", "/api/method/frappe.desk.form.save.savedocs", json=content)
	assert answer.status_code == 200, answer.text
	status_of(store.send(order.example(), secret=WEBHOOK_SECRET))
	status_of(store.send(order.example(), secret="the-new-secret"))
	status_of(store.send(order.example(), secret=CLIENT_SECRET))


def test_a_secret_that_is_taken_out_is_good_no_more(store, order, manager):
	replace_secret(manager, webhook_secret="the-new-secret")
	replace_secret(manager, webhook_secret="")
	refused(store.send(order.example(), secret="the-new-secret"))
	refused(store.send(order.example(), secret=WEBHOOK_SECRET))


def test_the_previous_secret_is_stored_encrypted_and_shown_to_nobody(store, manager):
	replace_secret(manager, webhook_secret="the-new-secret")
	assert secret("webhook_secret_previous") == WEBHOOK_SECRET
	shown = manager.request("GET", f"/api/resource/{SETTINGS}/{SETTINGS}").text
	stored = str(frappe.db.sql("select * from tabSingles where doctype = %s", SETTINGS))
	for text in (shown, stored, str(frappe.db.sql("select * from __Auth"))):
		assert WEBHOOK_SECRET not in text
		assert "the-new-secret" not in text


def test_webhooks_signed_during_shopifys_own_rotation_are_taken(store, order, manager, shopify):
	from tests.support.store_webhooks import CLIENT_ID, register

	register(manager)
	shopify.rotate_secret(CLIENT_ID, "rotated", sign_with_old=True)
	replace_secret(manager, client_secret="rotated")
	order.do("fulfill", "1Z1", "UPS")
	store.delivered()
	shopify.rotate_secret(CLIENT_ID, "rotated")
	order.do("change_tracking", [{"number": "1Z2", "company": "UPS"}])
	store.delivered()
	assert order.tracking() == ("1Z2", "UPS", None)


# once


@pytest.mark.parametrize("webhook_id", ["the same", "another", None])
def test_the_same_body_again_gets_the_same_answer_and_changes_nothing_whatever_its_id(
	store, order, webhook_id
):
	first = store.send(order.example(), "orders/fulfilled", X_Shopify_Webhook_Id="the same")
	before = order.row()
	order.set(status="Marked")
	marked = order.row()
	second = store.send(order.example(), "orders/fulfilled", X_Shopify_Webhook_Id=webhook_id)
	assert status_of(second) == status_of(first)
	assert order.row() == marked
	assert before.status == "Fulfilled"
	assert len(order.events()) == 1


def test_shopifys_own_duplicates_are_recorded_once(store, order):
	store.subscribe("orders/updated")
	store.control.misdeliver("duplicate")
	order.do("fulfill", "1Z1", "UPS")
	assert len(store.delivered()) == 2
	assert [event.outcome for event in order.events()] == ["Updated"]


def test_the_same_webhook_many_times_at_once_is_handled_once(store, order):
	with ThreadPoolExecutor(6) as pool:
		sent = [pool.submit(store.send, order.example(), "orders/fulfilled") for _number in range(6)]
	answers = [status_of(future.result()) for future in sent]
	assert answers == [answers[0]] * 6
	assert answers[0]["sales_order"] == order.sales_order
	assert [event.outcome for event in order.events()] == ["Updated"]
	assert order.tracking() == EXAMPLE_TRACKING


def test_many_different_news_of_one_order_at_once_end_with_the_newest(store, order):
	payloads = [
		order.example(
			updated_at=f"2026-06-18T12:00:{second:02}Z",
			fulfillments=[{"id": 1, "tracking_number": f"N{second}", "tracking_company": "UPS"}],
		)
		for second in range(12)
	]
	with ThreadPoolExecutor(6) as pool:
		answers = list(pool.map(store.send, payloads[::-2] + payloads[::2]))
	assert [answer.status_code for answer in answers] == [200] * 12
	assert order.tracking() == ("N11", "UPS", None)


def test_one_body_under_two_topics_is_two_webhooks(store, order):
	for topic in ("orders/updated", "orders/fulfilled", "orders/updated"):
		assert status_of(store.send(order.example(), topic))["sales_order"] == order.sales_order
	assert [(event.topic, event.outcome) for event in order.events()] == [
		("orders/updated", "Updated"),
		("orders/fulfilled", "Unchanged"),
	]


def test_an_order_that_was_not_known_yet_is_found_when_its_webhook_comes_again(store, order):
	"""As for one that is being sent while Shopify reports it already."""
	order.set(order_id=None)
	assert status_of(store.send(order.example()))["sales_order"] is None
	order.set(order_id=order.id)
	assert status_of(store.send(order.example()))["sales_order"] == order.sales_order
	assert [event.outcome for event in order.events()] == ["Updated"]
	assert order.row().status == "Fulfilled"


def test_a_fault_of_our_own_is_a_500_and_the_retry_is_handled(store, order, site):
	"""Somebody else holds the order for longer than Shopify waits."""
	site.db.commit()
	site.db.get_value("Sales Order", order.sales_order, "name", for_update=True)
	held = store.send(order.example())
	site.db.rollback()
	assert held.status_code >= 500
	assert held.elapsed < timedelta(seconds=5)
	assert order.events() == []
	assert status_of(store.send(order.example()))["sales_order"]
	assert order.row().status == "Fulfilled"


def test_what_was_not_committed_is_done_again(store, order, site):
	"""As after a crash between handling and commit: neither the event nor the update is there."""
	from medgrid.webhooks import receiver

	signer = Signer("exoceuticals_webhook_secret", store.domain)
	received = Delivery(signer, "orders/fulfilled", order.example(), b"crash-1", store.domain)
	site.db.commit()
	assert receiver._carry_out(handlers.WEBHOOKS, received).outcome is WebhookOutcome.UPDATED
	site.db.rollback()
	assert (order.row().status, order.events()) == (None, [])
	site.db.rollback()
	assert receiver._carry_out(handlers.WEBHOOKS, received).outcome is WebhookOutcome.UPDATED
	site.db.commit()
	assert (order.row().status, len(order.events())) == ("Fulfilled", 1)


def record_somebody_elses(store, order) -> None:
	"""The event of the order's example, in this process' transaction: it holds the place in the index."""
	event_id = event_log.event_id("orders/updated", json.dumps(order.example()).encode())
	event_log.record(
		event_log.Event(handlers.NAME, event_id, "orders/updated", store.domain, WebhookOutcome.IGNORED)
	)


def test_a_death_between_handling_and_commit_leaves_nothing_and_the_retry_is_handled(store, order, site):
	"""The database ends the connection that has updated the order and is about to record the event."""
	site.db.commit()
	record_somebody_elses(store, order)
	with ThreadPoolExecutor(1) as pool:
		sent = pool.submit(store.send, order.example())
		kill_connection_that_inserts_events(site)
		answer = sent.result()
	site.db.rollback()
	assert answer.status_code >= 500
	assert (order.row().status, order.events()) == (None, [])
	assert status_of(store.send(order.example()))["sales_order"]
	assert (order.row().status, len(order.events())) == ("Fulfilled", 1)


@pytest.mark.parametrize("what", ["the order", "the event", "all orders"])
def test_whoever_has_to_wait_for_a_lock_gives_up_within_five_seconds_and_the_retry_is_handled(
	store, order, site, what
):
	"""Shopify waits no longer for an answer."""
	site.db.commit()
	if what == "the order":
		site.db.get_value("Sales Order", order.sales_order, "name", for_update=True)
	elif what == "the event":
		record_somebody_elses(store, order)
	else:
		site.db.sql("lock tables `tabSales Order` write")
	begun = time.monotonic()
	try:
		with ThreadPoolExecutor(1) as pool:
			sent = pool.submit(store.send, order.example())
			wait([sent], timeout=10)
			took = time.monotonic() - begun
			site.db.rollback()
			site.db.sql("unlock tables")
		assert sent.result().status_code == 500
	finally:
		site.db.sql("unlock tables")
	assert took < 5
	assert (order.row().status, order.events()) == (None, [])
	assert status_of(store.send(order.example()))["sales_order"]
	assert order.row().status == "Fulfilled"


def kill_connection_that_inserts_events(site):
	own = site.db.sql("select connection_id()")[0][0]

	def inserting() -> list[int]:
		running = site.db.sql("select id, info from information_schema.processlist")
		return [
			connection
			for connection, statement in running
			if connection != own and "INSERT INTO `tabIntegration Event`" in (statement or "")
		]

	[connection] = wait_for(inserting, every=0.02)
	site.db.sql(f"kill {int(connection)}")


# in whatever order


def test_older_news_change_nothing(store, order):
	store.send(order.example(updated_at="2026-06-18T13:00:00-04:00"))
	before = order.row()
	late = order.example(updated_at="2026-06-18T16:59:59Z", fulfillment_status=None, fulfillments=[])
	assert status_of(store.send(late))["sales_order"] == order.sales_order
	assert order.row() == before
	assert [event.outcome for event in order.events()] == ["Updated", "Stale"]


def test_a_webhook_that_was_overtaken_changes_nothing(store, order):
	store.subscribe("orders/updated")
	store.control.misdeliver("out_of_order")
	order.do("fulfill", "1Z1", "UPS", quantities={"MGT-EXO": 1})
	order.do("fulfill", "1Z2", "UPS")
	store.delivered()
	assert (order.row().status, order.row().tracking_number) == ("Fulfilled", "1Z2")
	assert [event.outcome for event in order.events()] == ["Updated", "Stale"]


def test_a_replay_of_an_old_webhook_changes_nothing(store, order):
	old = order.example(updated_at="2026-06-18T12:00:00Z", fulfillment_status=None, fulfillments=[])
	store.send(old)
	store.send(order.example(updated_at="2026-06-18T13:00:00Z"))
	before = order.row()
	status_of(store.send(old))
	assert order.row() == before


def test_cancelled_is_final(store, order):
	store.send(order.example(cancelled_at="2026-06-18T12:00:00Z", updated_at="2026-06-18T12:00:00Z"))
	before = order.row()
	assert before.status == "Cancelled"
	status_of(store.send(order.example(updated_at="2026-06-18T14:00:00Z"), "orders/fulfilled"))
	assert order.row() == before


# headers are not signed


def test_the_header_orders_cancelled_cancels_nothing_that_the_body_does_not(store, order):
	store.send(order.example(updated_at="2026-06-18T12:00:00Z"), "orders/cancelled")
	assert order.row().status == "Fulfilled"


# What a body says beside the topic that says more.
LESS = {
	"the id only": {},
	"no status": {"fulfillment_status": None, "cancelled_at": None, "fulfillments": []},
	"no time of cancellation": {"cancelled_at": None},
	"a time long ago": {"fulfillment_status": None, "updated_at": "2020-01-01T00:00:00Z", "fulfillments": []},
}


@pytest.mark.parametrize("content", LESS.values(), ids=LESS)
@pytest.mark.parametrize(
	("topic", "doing", "status"),
	[("orders/cancelled", "cancel", "Cancelled"), ("orders/fulfilled", "fulfill", "Fulfilled")],
)
def test_a_topic_that_says_more_than_the_body_is_true_if_shopify_says_so(
	store, order, site, topic, doing, status, content
):
	order.do(doing, *(["1Z1", "UPS", "https://ups.com/1Z1"] if doing == "fulfill" else []))
	answer = status_of(store.send({"id": order.number, **content}, topic))
	assert answer == {"status": "ok", "topic": topic, "sales_order": order.sales_order}
	refresh.refresh_pending()
	site.db.commit()
	assert order.row().status == status
	assert order.row().checked_at is not None


@pytest.mark.parametrize("content", LESS.values(), ids=LESS)
@pytest.mark.parametrize("topic", ["orders/cancelled", "orders/fulfilled"])
def test_a_topic_alone_changes_nothing_that_shopify_denies(store, order, site, topic, content):
	order.do("set_status", None)
	status_of(store.send({"id": order.number, **content}, topic))
	refresh.refresh_pending()
	site.db.commit()
	assert order.row().status == "Unfulfilled"
	(event,) = order.events()
	assert event.error == "the topic says more than the body; Shopify is asked for the order's state"


def test_a_topic_that_agrees_with_the_body_asks_nothing(store, order):
	store.control.clear_received()
	status_of(store.send(order.example(), "orders/fulfilled"))
	status_of(store.send(order.example(cancelled_at="2026-06-18T12:00:00Z"), "orders/cancelled"))
	assert order.row().checked_at is not None
	assert [event.error for event in order.events()] == [None, None]


@pytest.mark.parametrize(
	("payload", "words"),
	[
		({"id": 5}, "the body contains no status of an order"),
		({"fulfillment_status": None}, "id: it is missing"),
		({"id": "x", "fulfillment_status": None}, "id: it is no whole number"),
		({"id": 5, "fulfillment_status": None, "fulfillments": "none"}, "fulfillments: it is no list"),
	],
)
def test_an_event_says_in_words_what_cannot_be_read(store, payload, words):
	status_of(store.send(payload))
	(event,) = events(shop=store.domain)
	assert event.error == words


@pytest.mark.parametrize("topic", TOPICS)
def test_a_cancellation_in_the_body_counts_under_any_topic(store, order, topic):
	store.send(order.example(cancelled_at="2026-06-18T12:00:00Z"), topic)
	assert order.row().status == "Cancelled"


@pytest.mark.parametrize(("key", "outcome"), [(WEBHOOK_SECRET, "Ignored"), (CLIENT_SECRET, "Failed")])
def test_an_orders_body_under_the_header_app_uninstalled_disconnects_nothing(store, order, key, outcome):
	answer = status_of(store.send(order.example(), "app/uninstalled", secret=key))
	assert answer["sales_order"] is None
	assert secret("api_token") == store.token
	assert events(topic="app/uninstalled", shop=store.domain)[0].outcome == outcome


def test_the_order_is_the_one_in_the_body(store, order):
	other = store.order()
	store.send(order.example(), X_Shopify_Order_Id=str(other.number), X_Shopify_Event_Id=str(other.number))
	assert (order.row().status, other.row().status) == ("Fulfilled", None)


# what is none of ours, or no sense


def test_an_order_that_is_not_ours_is_acknowledged_and_recorded(store):
	answer = status_of(store.send({"id": 987654321, "fulfillment_status": None}))
	assert answer == {"status": "ok", "topic": "orders/updated", "sales_order": None}
	event = events(order_id="gid://shopify/Order/987654321", shop=store.domain)[0]
	assert (event.outcome, event.sales_order, event.topic) == ("Unknown Order", None, "orders/updated")


@pytest.mark.parametrize("topic", ["products/update", "orders/create", "nonsense", ""])
def test_an_unknown_topic_is_acknowledged_and_recorded(store, order, topic):
	answer = status_of(store.send(order.example(), topic))
	assert answer == {"status": "ok", "topic": topic, "sales_order": None}
	assert order.row().status is None
	assert [event.outcome for event in events(shop=store.domain)] == ["Ignored"]


def test_the_topic_may_be_written_as_one_likes(store, order):
	assert status_of(store.send(order.example(), "Orders/Fulfilled"))["sales_order"] == order.sales_order


def test_another_shops_webhook_is_acknowledged_and_changes_nothing(store, order):
	answer = store.send(order.example(), X_Shopify_Shop_Domain="mgt-another.myshopify.com")
	assert status_of(answer)["sales_order"] is None
	assert order.row().status is None
	assert events(shop="mgt-another.myshopify.com")[0].outcome == "Ignored"
	frappe.db.delete("Integration Event", {"shop": "mgt-another.myshopify.com"})
	frappe.db.commit()


def test_only_the_headers_of_the_contract_are_needed(store, order):
	answer = store.send(order.example(), X_Shopify_Shop_Domain=None, X_Shopify_Webhook_Id=None)
	assert status_of(answer)["sales_order"] == order.sales_order


@pytest.mark.parametrize(
	"payload",
	[
		{},
		{"id": "x", "fulfillment_status": None},
		{"id": 5},
		{"id": 5, "fulfillment_status": {"a": 1}},
		{"id": 5, "fulfillment_status": None, "fulfillments": "none"},
		{"id": 5, "fulfillment_status": None, "updated_at": "Jane Doe"},
		{"id": 1e300, "fulfillment_status": None},
	],
)
def test_signed_nonsense_is_acknowledged_and_recorded_as_failed(store, payload):
	assert status_of(store.send(payload))["sales_order"] is None
	(event,) = events(shop=store.domain)
	assert event.outcome == "Failed"
	assert event.error
	assert "Jane" not in event.error


def test_a_body_of_more_than_two_megabytes_is_refused(store, order):
	big = order.example(note="x" * (2 * 1024 * 1024))
	error(store.send(big), 413, "RequestTooLargeError")
	assert order.events() == []


def test_a_body_of_nearly_two_megabytes_is_taken(store, order):
	status_of(store.send(order.example(note="x" * (2 * 1024 * 1024 - 1000))))
	assert order.row().status == "Fulfilled"


# the record


def test_an_event_holds_no_customer_data(store, order):
	store.subscribe("orders/updated")
	store.control.send_webhook(
		store.domain, "orders/updated", {**order.payload(), "email": "jane@example.com", "note": "Jane Doe"}
	)
	store.delivered()
	(event,) = order.events()
	assert "jane" not in str(event).lower()
	assert (event.source, event.shop, event.sales_order) == ("exoceuticals", store.domain, order.sales_order)
	assert event.received_at


def test_who_may_see_events(store, order, manager, sales_rep, customer):
	status_of(store.send(order.example()))
	path = f"/api/resource/Integration Event/{order.events()[0].name}"
	assert manager.request("GET", path).status_code == 200
	assert sales_rep.request("GET", path).status_code == 403
	assert customer.request("GET", path).status_code == 403
	assert store.guest.request("GET", path).status_code == 401


def test_an_event_keeps_no_sales_order_from_being_deleted(store, order, site):
	status_of(store.send(order.example()))
	document = site.get_doc("Sales Order", order.sales_order)
	document.cancel()
	site.delete_doc("Sales Order", order.sales_order)
	assert not site.db.exists("Sales Order", order.sales_order)


# app/uninstalled


def shop_payload(store, **changes):
	return {"id": 1, "name": "Exo", "myshopify_domain": store.domain, **changes}


def notices():
	frappe.db.rollback()
	return frappe.get_all(
		"Notification Log", filters={"subject": ("like", "%uninstalled%")}, pluck="for_user"
	)


def log_entries():
	frappe.db.rollback()
	return frappe.db.count("Error Log", {"method": ("like", "%uninstalled%")})


@pytest.fixture
def no_notices(site):
	delete_rows(
		("Notification Log", {"subject": ("like", "%uninstalled%")}),
		("Error Log", {"method": ("like", "%uninstalled%")}),
	)


def test_uninstalling_the_app_ends_the_link_and_tells_the_administrators(
	store, manager, no_notices, environment
):
	from tests.support.store_webhooks import CLIENT_ID, register

	register(manager)
	store.control.uninstall(store.domain, CLIENT_ID)
	store.delivered()
	wait_for_jobs()
	assert secret("api_token") is None
	assert not frappe.db.get_single_value(SETTINGS, "exoceuticals_api_token", cache=False)
	assert {"Administrator", manager.user.email} <= set(notices())
	assert log_entries() == 1


def test_uninstalling_twice_is_told_once(store, manager, no_notices):
	store.control.revoke_token(store.domain)
	for _time in range(2):
		status_of(store.send(shop_payload(store), "app/uninstalled", secret=CLIENT_SECRET))
		wait_for_jobs()
	assert notices().count(manager.user.email) == 1
	assert [event.outcome for event in events(shop=store.domain)] == ["Disconnected"]


def test_two_deliveries_of_an_uninstalling_at_once_are_told_once(store, manager, no_notices):
	store.control.revoke_token(store.domain)
	with ThreadPoolExecutor(4) as pool:
		sent = [
			pool.submit(store.send, shop_payload(store), "app/uninstalled", secret=CLIENT_SECRET)
			for _number in range(4)
		]
	assert {status_of(each.result())["topic"] for each in sent} == {"app/uninstalled"}
	wait_for_jobs()
	assert notices().count(manager.user.email) == 1
	assert [event.outcome for event in events(shop=store.domain)] == ["Disconnected"]


def test_an_app_that_is_installed_again_can_be_uninstalled_again(store, manager, no_notices):
	"""Shopify's body is the same both times."""
	store.control.revoke_token(store.domain)
	status_of(store.send(shop_payload(store), "app/uninstalled", secret=CLIENT_SECRET))
	wait_for_jobs()
	replace_secret(manager, api_token="shpat_new")
	(first,) = events(shop=store.domain)
	status_of(store.send(shop_payload(store), "app/uninstalled", secret=CLIENT_SECRET))
	wait_for_jobs()
	assert secret("api_token") is None
	assert notices().count(manager.user.email) == 2
	(second,) = events(shop=store.domain)
	assert (second.outcome, second.received_at > first.received_at) == ("Disconnected", True)


def test_a_shops_body_that_others_get_too_is_no_uninstalling(store):
	"""Signed with the shop's secret, as that of a shop/update webhook made in the Admin."""
	status_of(store.send(shop_payload(store), "app/uninstalled"))
	assert secret("api_token") == store.token
	assert [event.outcome for event in events(shop=store.domain)] == ["Ignored"]


@pytest.mark.parametrize("domain", ["mgt-another.myshopify.com", ""])
def test_another_shops_uninstalling_changes_nothing(store, domain):
	"""Whatever the header says."""
	status_of(store.send(shop_payload(store, myshopify_domain=domain), "app/uninstalled"))
	assert secret("api_token") == store.token


def test_a_shops_body_under_an_orders_header_is_no_order(store):
	status_of(store.send(shop_payload(store), "orders/updated"))
	assert [event.outcome for event in events(shop=store.domain)] == ["Failed"]


def test_a_hold_and_its_release_within_one_second_are_both_noticed(store, order):
	"""REST's bodies of the two are the same."""
	order.do("hold")
	refresh.refresh_pending()
	known = order.row()
	assert known.status == "On Hold"
	moment = f"{known.updated_at:%Y-%m-%dT%H:%M:%SZ}"
	body = order.example(fulfillment_status=None, fulfillments=[], updated_at=moment)
	store.send(body)
	wait_until_equal(lambda: bool(order.row().checked_at), True)
	order.do("release_hold")
	store.send(body)
	wait_until_equal(lambda: order.row().status, "Unfulfilled")
