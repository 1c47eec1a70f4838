import pytest

from medgrid.clients.shopify.oauth.scopes import missing

NEEDED = ("read_products", "write_orders", "read_inventory")


def test_nothing_is_missing_of_what_was_granted():
	assert missing(NEEDED, NEEDED) == []


def test_what_is_missing_is_named_in_the_order_that_the_app_needs_it():
	assert missing({"read_inventory"}, NEEDED) == ["read_products", "write_orders"]
	assert missing((), NEEDED) == list(NEEDED)


def test_a_scope_to_write_includes_the_one_to_read():
	assert missing({"write_products", "write_orders", "write_inventory"}, NEEDED) == []


@pytest.mark.parametrize("granted", ["read_orders", "write_order", "WRITE_ORDERS", "unread_orders"])
def test_nothing_else_includes_a_scope_to_write(granted):
	assert missing({granted}, ["write_orders"]) == ["write_orders"]
