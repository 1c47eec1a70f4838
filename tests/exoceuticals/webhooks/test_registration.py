"""Subscribing to the store's webhooks, over HTTP against the simulated Shopify."""

import pytest

from tests.support.http import error, message
from tests.support.store_webhooks import CLIENT_ID, PATH, set_secrets, set_settings

METHOD = "medgrid.exoceuticals.register_webhooks"
TOPICS = ["ORDERS_UPDATED", "ORDERS_FULFILLED", "ORDERS_CANCELLED", "APP_UNINSTALLED"]


@pytest.fixture
def store(linked_store):
	return linked_store


def registered(manager) -> list[dict]:
	answer = message(manager.post(METHOD))
	assert list(answer) == ["status", "webhooks"]
	assert answer["status"] == "ok"
	return answer["webhooks"]


def test_all_four_topics_are_subscribed_for_this_site(store, manager):
	webhooks = registered(manager)
	assert [webhook["topic"] for webhook in webhooks] == TOPICS
	assert all(list(webhook) == ["topic", "uri", "id", "created"] for webhook in webhooks)
	assert all(webhook["uri"].endswith(PATH) and webhook["created"] is True for webhook in webhooks)
	assert all(webhook["id"].startswith("gid://shopify/WebhookSubscription/") for webhook in webhooks)
	assert len(store.control.subscriptions(store.domain)) == 4


def test_a_second_time_reports_the_same_ones_and_makes_none(store, manager):
	first, second = registered(manager), registered(manager)
	assert second == [{**webhook, "created": False} for webhook in first]
	assert len(store.control.subscriptions(store.domain)) == 4


def test_what_somebody_removed_is_made_again_and_nothing_else(store, manager):
	registered(manager)
	store.control.remove_subscriptions(store.domain, "orders/fulfilled")
	assert len(store.control.subscriptions(store.domain)) == 3
	assert [webhook["created"] for webhook in registered(manager)] == [False, True, False, False]


def test_subscriptions_of_another_site_are_left_alone(store, manager):
	from medgrid.clients.shopify.webhooks import subscriptions
	from medgrid.exoceuticals import settings
	from medgrid.exoceuticals.client import store_client

	client = store_client(settings.load(), seconds=30)
	other = subscriptions.create(client, "ORDERS_UPDATED", "https://other.example.com/webhook")
	assert other.id not in {webhook["id"] for webhook in registered(manager)}
	assert len(store.control.subscriptions(store.domain)) == 5


def test_what_comes_through_them_is_verified_with_the_client_secret(store, manager):
	set_secrets(webhook_secret=None)
	registered(manager)
	order = store.order()
	order.do("fulfill", "1Z1", "UPS")
	assert {delivery["topic"] for delivery in store.delivered()} == {"orders/fulfilled", "orders/updated"}
	assert order.row().status == "Fulfilled"
	assert {entry["client_id"] for entry in store.control.subscriptions(store.domain)} == {CLIENT_ID}


@pytest.mark.parametrize("setting", ["shop_domain", "api_token", "client_secret"])
def test_without_a_setting_417_names_it(store, manager, setting):
	if setting == "shop_domain":
		set_settings(shop_domain=None)
	else:
		set_secrets(**{setting: None})
	assert f"exoceuticals_{setting}" in error(manager.post(METHOD), 417, "ValidationError")
	assert store.control.subscriptions(store.domain) == []


def test_a_token_that_is_dead_is_417(store, manager):
	store.control.revoke_token(store.domain)
	assert "token" in error(manager.post(METHOD), 417, "ValidationError")


def test_only_system_managers_may(store, sales_rep, customer, anonymous):
	for caller in (sales_rep, customer):
		error(caller.post(METHOD), 403, "PermissionError")
	error(anonymous.post(METHOD), 401, "AuthenticationError")
	assert store.control.subscriptions(store.domain) == []


def test_a_get_is_refused(store, manager):
	assert manager.get(METHOD).status_code in (403, 405)
