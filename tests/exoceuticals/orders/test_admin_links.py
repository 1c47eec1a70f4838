"""Where an order is in Shopify's Admin, over HTTP."""

import pytest

from medgrid.exoceuticals.orders.admin_links import admin_order_url
from tests.support.http import error, message
from tests.support.store_webhooks import set_settings

METHOD = "medgrid.exoceuticals.order_link"


@pytest.fixture
def store(linked_store):
	return linked_store


def test_the_address_is_made_of_the_shops_handle_and_the_orders_number():
	url = admin_order_url("your-store.myshopify.com", "gid://shopify/Order/123")
	assert url == "https://admin.shopify.com/store/your-store/orders/123"


def test_sellers_get_the_address_without_reading_system_settings(order, sales_manager, only_administrator):
	handle = order.store.domain.removesuffix(".myshopify.com")
	expected = {"url": f"https://admin.shopify.com/store/{handle}/orders/{order.number}"}
	for caller in (sales_manager, only_administrator):
		assert message(caller.get(METHOD, sales_order=order.sales_order)) == expected


@pytest.mark.parametrize("order_id", [None, "x", "gid://shopify/Order/javascript:"])
def test_an_order_that_was_not_sent_is_417(order, sales_manager, order_id):
	order.set(order_id=order_id)
	sentence = error(sales_manager.get(METHOD, sales_order=order.sales_order), 417, "ValidationError")
	assert order.sales_order in sentence


def test_without_a_store_it_is_417_and_names_the_setting(order, sales_manager):
	set_settings(shop_domain=None)
	sentence = error(sales_manager.get(METHOD, sales_order=order.sales_order), 417, "ValidationError")
	assert "exoceuticals_shop_domain" in sentence


def test_an_unknown_sales_order_is_404(store, sales_manager):
	error(sales_manager.get(METHOD, sales_order="SAL-ORD-0000-00000"), 404, "DoesNotExistError")


def test_who_may_not_ask(order, sales_rep, customer, anonymous):
	for caller in (sales_rep, customer):
		error(caller.get(METHOD, sales_order=order.sales_order), 403, "PermissionError")
	error(anonymous.get(METHOD, sales_order=order.sales_order), 401, "AuthenticationError")
