"""Pages of which some nodes are not valid."""

import pytest
from pydantic import ValidationError

from medgrid.clients.shopify.models import StockedItem, Variant
from medgrid.clients.shopify.pages import ConnectionPage, Nodes

VARIANT = {
	"id": "gid://shopify/ProductVariant/1",
	"title": "M",
	"sku": "A",
	"price": "1.00",
	"inventoryItem": {"id": "gid://shopify/InventoryItem/1"},
	"product": {"id": "gid://shopify/Product/1", "title": "Gauze", "status": "ACTIVE"},
}
ITEM = {"id": "gid://shopify/InventoryItem/1", "inventoryLevel": None}


def page(*nodes) -> ConnectionPage[Variant]:
	return ConnectionPage[Variant].model_validate({"nodes": list(nodes), "pageInfo": {"hasNextPage": False}})


@pytest.mark.parametrize(
	("values", "gid"),
	[
		({"price": "1e400"}, VARIANT["id"]),
		({"price": None}, VARIANT["id"]),
		({"title": 5}, VARIANT["id"]),
		({"inventoryQuantity": 10**30}, VARIANT["id"]),
		({"product": None}, VARIANT["id"]),
		({"id": "gid://shopify/ProductVariant/" + "9" * 100}, None),
		({"id": "gid://shopify/ProductVariant/\u0661\u0662"}, None),
		({"id": "gid://shopify/Product/1"}, "gid://shopify/Product/1"),
	],
)
def test_a_variant_that_is_not_valid_is_left_out_and_known_by_its_id(values, gid):
	read = page({**VARIANT, "id": "gid://shopify/ProductVariant/7"}, {**VARIANT, **values})
	assert [variant.id for variant in read.nodes] == ["gid://shopify/ProductVariant/7"]
	assert [(node.index, node.id) for node in read.unreadable] == [(1, gid)]


def test_a_page_of_nothing_but_nonsense_is_no_page():
	with pytest.raises(ValidationError):
		page({"id": 1}, 5, None)


def test_a_page_of_more_nodes_than_were_requested_is_no_page():
	with pytest.raises(ValidationError):
		page(*({**VARIANT, "id": f"gid://shopify/ProductVariant/{number}"} for number in range(1, 252)))


def test_nodes_keep_their_places():
	nodes = Nodes[StockedItem].model_validate({"nodes": [ITEM, None, {**ITEM, "inventoryLevel": 5}]})
	assert [node and node.id for node in nodes.nodes] == [ITEM["id"], None, None]
	assert [(node.index, node.id) for node in nodes.unreadable] == [(2, ITEM["id"])]
