"""Whether an order that ShipStation has under a Sales Order's key is that Sales Order's."""

import pytest

from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.integrations.shipstation.changes.remote_lines import has_other_lines, lines_of


def _remote(*keys: str | None) -> RemoteOrder:
	items = [{"lineItemKey": key, "sku": "A", "name": "A", "quantity": 1} for key in keys]
	return RemoteOrder.model_validate(
		{"orderId": 1, "orderNumber": "SO-1", "orderKey": "SO-1", "orderStatus": "shipped", "items": items}
	)


def test_no_order_has_no_other_lines():
	assert has_other_lines(None, ["row-1"]) is False


@pytest.mark.parametrize(
	("there", "ours", "other"),
	[
		(["row-1"], ["row-1", "row-2"], False),
		(["row-1", "row-2"], ["row-2", "row-1"], False),
		(["row-1", "row-1"], ["row-1"], False),
		(["row-1", "row-3"], ["row-1", "row-2"], True),
		([None], ["row-1"], True),
		(["row-1", None], ["row-1"], True),
		([], ["row-1"], True),
		(["row-1"], [], True),
	],
)
def test_an_order_with_another_line_or_with_none_is_another(there, ours, other):
	assert has_other_lines(_remote(*there), ours) is other


def test_lines_are_named_by_their_keys():
	assert lines_of(_remote("row-1", None)) == {"row-1", None}
