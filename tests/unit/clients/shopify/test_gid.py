import pytest

from medgrid.clients.shopify.gid import gid, is_gid, number_of


def test_a_gid_and_its_number():
	assert gid("Order", 4567890123) == "gid://shopify/Order/4567890123"
	assert number_of("gid://shopify/Order/4567890123") == 4567890123


def test_what_follows_a_question_mark_is_no_part_of_the_number():
	assert number_of("gid://shopify/InventoryLevel/7?inventory_item_id=9") == 7


@pytest.mark.parametrize(
	"text", ["", "123", "gid://shopify/Order/", "gid://other/Order/1", "gid://shopify/Order/x"]
)
def test_what_is_no_gid_has_no_number(text):
	with pytest.raises(ValueError):
		number_of(text)


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("gid://shopify/Order/1", True),
		("gid://shopify/Order/" + "9" * 18, True),
		("gid://shopify/Order/" + "9" * 19, False),
		(f"gid://shopify/Order/{2**63 - 1}", True),
		(f"gid://shopify/Order/{2**63}", False),
		("gid://shopify/Order/0", False),
		("gid://shopify/Order/01", False),
		("gid://shopify/Product/1", False),
		("gid://shopify/Order/1\n", False),
		("gid://shopify/Order/1?x", False),
		("gid://shopify/Order/\N{ARABIC-INDIC DIGIT ONE}", False),
		("1", False),
		("", False),
		(None, False),
	],
)
def test_an_order_is_known_by_its_gid(text, expected):
	assert is_gid("Order", text) is expected
