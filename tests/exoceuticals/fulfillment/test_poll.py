"""Requests the state of one order from Shopify, over HTTP. Contract: "poll_exoceuticals_status"."""

import frappe
import pytest

from medgrid.exoceuticals.fulfillment import poll as poll_order
from medgrid.http_client.errors import UnexpectedResponse
from tests.support import vendors
from tests.support.http import error, message
from tests.support.store_webhooks import set_secrets, set_settings, status_of

METHOD = "medgrid.exoceuticals.poll_exoceuticals_status"


@pytest.fixture
def store(linked_store):
	return linked_store


def poll(caller, order) -> str:
	return message(caller.post(METHOD, sales_order=order.sales_order))


def test_the_answer_is_the_status_and_the_sales_order_has_it_all(order, sales_manager):
	order.do("fulfill", "1Z999", "UPS", "https://ups.com/1Z999", silent=True)
	answer = sales_manager.post(METHOD, sales_order=order.sales_order)
	assert answer.json() == {"message": "Fulfilled"}
	row = order.row()
	assert (row.status, row.order_name) == ("Fulfilled", order.payload()["name"])
	assert order.tracking() == ("1Z999", "UPS", "https://ups.com/1Z999")
	assert row.checked_at
	assert row.updated_at


@pytest.mark.parametrize(
	("value", "status"),
	[
		("ON_HOLD", "On Hold"),
		("IN_PROGRESS", "In Progress"),
		("SCHEDULED", "Scheduled"),
		("REQUEST_DECLINED", "Request Declined"),
		(None, "Unfulfilled"),
	],
)
def test_each_of_shopifys_states_has_its_status(order, sales_manager, value, status):
	order.do("set_status", value, silent=True)
	assert poll(sales_manager, order) == status
	assert order.row().status == status


def test_a_cancelled_order(order, sales_manager):
	order.do("cancel", silent=True)
	assert poll(sales_manager, order) == "Cancelled"


def test_asking_twice_changes_nothing_but_the_time_of_asking(order, sales_manager):
	order.do("fulfill", "1Z999", "UPS", silent=True)
	poll(sales_manager, order)
	before = order.row()
	assert poll(sales_manager, order) == "Fulfilled"
	after = order.row()
	assert after.pop("checked_at") > before.pop("checked_at")
	assert after == before


def test_an_order_with_many_shipments_shows_the_latest_and_keeps_all(store, sales_manager):
	order = store.order(quantity=8)
	for number in range(8):
		order.do("fulfill", f"N{number}", "UPS", quantities={"MGT-EXO": 1}, silent=True)
	assert poll(sales_manager, order) == "Fulfilled"
	assert order.row().tracking_number == "N7"
	assert all(f"N{number}" in order.row().fulfillments for number in range(8))


def test_an_order_that_was_never_sent_is_417_and_says_what_to_do(order, sales_manager):
	order.set(order_id=None)
	sentence = error(sales_manager.post(METHOD, sales_order=order.sales_order), 417, "ValidationError")
	assert order.sales_order in sentence
	assert "sync_to_exoceuticals" in sentence


def test_an_order_that_is_gone_at_shopify_is_417_and_stays_as_it_is(order, sales_manager):
	order.set(order_id="gid://shopify/Order/404404404", status="Unfulfilled")
	sentence = error(sales_manager.post(METHOD, sales_order=order.sales_order), 417, "ValidationError")
	assert "no longer shows the order" in sentence
	assert order.row().status == "Unfulfilled"


def test_an_unknown_sales_order_is_404(store, sales_manager):
	error(sales_manager.post(METHOD, sales_order="SAL-ORD-0000-00000"), 404, "DoesNotExistError")


@pytest.mark.parametrize("given", [{}, {"sales_order": ""}, {"sales_order": "x" * 200}])
def test_without_a_sales_orders_name_it_is_400(sales_manager, given):
	assert "sales_order" in error(sales_manager.post(METHOD, **given), 400, "ValidationError")


def test_who_may_not_ask(order, sales_rep, customer, anonymous):
	for caller in (sales_rep, customer):
		error(caller.post(METHOD, sales_order=order.sales_order), 403, "PermissionError")
	error(anonymous.post(METHOD, sales_order=order.sales_order), 401, "AuthenticationError")


def test_an_administrator_needs_no_right_on_sales_orders(order, only_administrator):
	assert poll(only_administrator, order) == "Unfulfilled"


def test_an_order_that_a_user_permission_hides_is_403(order, site, sales_manager):
	from tests.support.records import customer, ensure

	allowed = customer("MGT Other Clinic")
	limit = {"user": sales_manager.user.email, "allow": "Customer", "for_value": allowed}
	permission = ensure("User Permission", limit)
	site.db.commit()
	try:
		answer = sales_manager.post(METHOD, sales_order=order.sales_order)
		error(answer, 403, "PermissionError")
	finally:
		site.delete_doc("User Permission", permission.name)
		site.db.commit()
	assert poll(sales_manager, order) == "Unfulfilled"


def test_a_get_is_refused(order, sales_manager):
	assert sales_manager.get(METHOD, sales_order=order.sales_order).status_code in (403, 405)


@pytest.mark.parametrize("setting", ["shop_domain", "api_token"])
def test_without_the_link_417_names_what_is_missing(order, sales_manager, setting):
	if setting == "api_token":
		set_secrets(api_token=None)
	else:
		set_settings(shop_domain=None)
	sentence = error(sales_manager.post(METHOD, sales_order=order.sales_order), 417, "ValidationError")
	assert f"exoceuticals_{setting}" in sentence


def test_a_revoked_token_is_417_and_said_so(store, order, sales_manager):
	store.control.revoke_token(store.domain)
	sentence = error(sales_manager.post(METHOD, sales_order=order.sales_order), 417, "ValidationError")
	assert "token" in sentence


def test_shopify_being_down_is_417_and_changes_nothing(store, order, sales_manager):
	before = order.row()
	store.control.fault("status", times=None, domain=store.domain, status=503)
	sentence = error(sales_manager.post(METHOD, sales_order=order.sales_order), 417, "ValidationError")
	assert "Shopify" in sentence
	assert order.row() == before


def test_an_overtaken_answer_does_not_undo_what_a_webhook_told(order, site, monkeypatch):
	"""A webhook comes while Shopify is asked: the caller gets what is known."""

	def fetched_before_the_webhook(*arguments):
		snapshot = fetch(*arguments)
		order.set(status="Fulfilled", updated_at="2999-01-01 00:00:00")
		return snapshot

	fetch = poll_order.fetch
	monkeypatch.setattr(poll_order, "fetch", fetched_before_the_webhook)
	assert poll_order.poll(order.sales_order) == "Fulfilled"
	assert order.row().status == "Fulfilled"


FALSE_WORDS = {
	"cancelled": {"fulfillment_status": None, "cancelled_at": "2026-06-18T12:00:00Z"},
	"cancelled now": {"cancelled_at": "2026-06-18T12:00:00Z", "updated_at": "2099-06-18T12:00:00Z"},
	"fulfilled": {"fulfillments": []},
	"fulfilled, later than now": {"fulfillments": [], "updated_at": "2099-06-18T12:00:00Z"},
}


@pytest.mark.parametrize("said", FALSE_WORDS.values(), ids=FALSE_WORDS)
def test_what_shopify_says_now_beats_what_a_webhook_said(store, order, sales_manager, said):
	status_of(store.send(order.example(**said)))
	assert order.row().status in ("Cancelled", "Fulfilled")
	assert poll(sales_manager, order) == "Unfulfilled"
	assert order.row().status == "Unfulfilled"


def test_an_answer_with_an_odd_field_is_written_and_said(order, site, monkeypatch):
	order.do("fulfill", "1Z999", "UPS", silent=True)
	odd = answering(monkeypatch, lambda node: node["fulfillments"][0].update(createdAt="0000-00-00"))
	assert poll_order.poll(order.sales_order) == "Fulfilled"
	assert order.tracking() == ("1Z999", "UPS", None)
	assert "fulfillments.0.createdAt: it is no time" in issue_of(order).detail
	odd.undo()
	poll_order.poll(order.sales_order)
	assert issue_of(order) is None


def test_an_answer_without_a_status_is_an_error_and_its_number_is_written(order, site, monkeypatch):
	order.do("fulfill", "1Z999", "UPS", silent=True)
	answering(monkeypatch, lambda node: node.update(displayFulfillmentStatus=["FULFILLED"]))
	with pytest.raises(UnexpectedResponse):
		poll_order.poll(order.sales_order)
	assert order.tracking() == ("1Z999", "UPS", None)
	issue = issue_of(order)
	assert "displayFulfillmentStatus: it is no text" in issue.detail
	assert issue.who_acts == "Administrator"


def answering(monkeypatch, change):
	"""Changes Shopify's answer about an order."""
	from medgrid.clients.shopify.client import ShopifyClient

	def execute(client, *arguments, **options):
		data = real(client, *arguments, **options)
		change(data["order"])
		return data

	real = ShopifyClient.execute
	monkeypatch.setattr(ShopifyClient, "execute", execute)
	return monkeypatch


def issue_of(order):
	"""The open issue about what cannot be read of an order."""
	frappe.db.rollback()
	filters = {
		"issue_type": "exoceuticals/unreadable_fields",
		"reference_name": order.sales_order,
		"open_key": ("is", "set"),
	}
	return frappe.db.get_value("Integration Issue", filters, ["detail", "who_acts"], as_dict=True)


def test_a_draft_sales_order_can_be_asked_about_too(store, sales_manager):
	"""Nothing but the Shopify order counts."""
	order = store.order()
	order.sales_order = vendors.order(("MGT-EXO", 1, 10), submit=False).name
	order.set(order_id=order.id)
	assert poll(sales_manager, order) == "Unfulfilled"
	assert order.row().status == "Unfulfilled"
