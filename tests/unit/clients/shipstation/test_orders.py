"""Orders and stores of ShipStation that are not valid."""

import pytest
from pydantic import ValidationError

from medgrid.clients.shipstation.orders import CreatedOrder, OrderPage, Stores


@pytest.mark.parametrize(
	"order_id", ["9" * 200, "<b onclick=alert(1)>", "../../x?y=1", 0, -1, 1.5, None, True]
)
def test_an_order_without_an_id_is_none(order_id):
	with pytest.raises(ValidationError):
		CreatedOrder.model_validate({"orderId": order_id})


def test_an_order_that_is_not_valid_is_known_by_its_key():
	good = {"orderId": 1, "orderKey": "SO-1"}
	page = OrderPage.model_validate({"orders": [good, {"orderId": "9" * 200, "orderKey": "SO-2"}, 5, {}]})
	assert ([order.orderKey for order in page.orders], page.unreadable_keys) == (["SO-1"], ["SO-2"])


def test_a_store_that_is_not_valid_is_left_out():
	stores = Stores.model_validate({"stores": [{"storeId": 7, "storeName": ""}, {"storeId": None}, 5]}).stores
	assert [(store.storeId, store.storeName, store.active) for store in stores] == [("7", None, True)]


@pytest.mark.parametrize("page", [5, "abc", [], None])
@pytest.mark.parametrize("model", [OrderPage, Stores])
def test_what_is_no_page_is_refused(model, page):
	with pytest.raises(ValidationError):
		model.model_validate(page)
