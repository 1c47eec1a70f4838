"""Which orders ShipStation's shipments belong to: split, merged, and others' of the same number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.clients.shipstation.shipments import Shipment
from medgrid.integrations.shipstation.parcels.matching import Sought, by_order, covers

ORDERS = [
	Sought("R1", "1", "SO-1", frozenset({"a", "b"})),
	Sought("R2", "2", "SO-2", frozenset({"c"})),
]


def shipment(shipment_id: int = 7, items: dict | None = None, **values) -> Shipment:
	contents = None
	if items is not None:
		contents = [{"lineItemKey": row or None, "quantity": number} for row, number in items.items()]
	fields = {"shipmentId": shipment_id, "trackingNumber": f"1Z{shipment_id}", "shipmentItems": contents}
	return Shipment.model_validate({**fields, **values})


@pytest.mark.parametrize(
	("values", "expected"),
	[
		({"orderId": 1}, {"R1"}),
		({"orderId": 1, "items": {"a": 1}}, {"R1"}),
		# Split: another ID, the same number, rows of the order.
		({"orderId": 9, "orderNumber": "SO-1", "items": {"b": 1}}, {"R1"}),
		({"orderId": 9, "orderNumber": "SO-1"}, {"R1"}),
		# Merged: one ID, rows of both.
		({"orderId": 1, "orderNumber": "SO-1", "items": {"a": 1, "c": 1}}, {"R1", "R2"}),
		# Of merged orders, a parcel with rows of the other one only.
		({"orderId": 1, "orderNumber": "SO-1", "items": {"c": 1}}, {"R2"}),
		# Merged with an order that is not MedGrid's.
		({"orderId": 9, "orderNumber": "WEB-5", "items": {"x": 1, "c": 1}}, {"R2"}),
		# Another program's order of the same number.
		({"orderId": 9, "orderNumber": "SO-1", "items": {"x": 1}}, set()),
		({"orderId": 9, "orderNumber": "SO-1", "items": {"": 1}}, set()),
		({"orderId": 9, "orderNumber": "SO-10"}, set()),
		({"orderId": None, "orderNumber": None}, set()),
	],
)
def test_a_shipment_belongs_to_the_orders_that_are_in_it(values, expected):
	found = by_order([shipment(**values)], ORDERS)
	assert set(found) == expected


@pytest.mark.parametrize(
	("shipments", "expected"),
	[
		([], False),
		([shipment()], True),
		([shipment(items={"a": 1})], False),
		([shipment(1, items={"a": 1}), shipment(2, items={"a": 1, "b": 3})], True),
		([shipment(1, items={"a": 2, "b": 3}, voided=True)], False),
		([shipment(1, items={"a": 2, "b": 3}, isReturnLabel=True)], False),
		([shipment(1, items={"a": 2, "b": 3}, trackingNumber=None)], False),
	],
)
def test_labels_hold_all_of_an_order_or_not(shipments, expected):
	assert covers(shipments, {"a": Decimal(2), "b": Decimal(3)}) is expected


parts = st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1), max_size=5)


@given(parts, st.permutations([1, 2, 9]))
def test_however_orders_were_split_and_merged_each_row_comes_home(contents, order_ids):
	shipments = [
		shipment(number, items=inside, orderId=order_ids[number % 3])
		for number, inside in enumerate(contents, 1)
	]
	found = by_order(shipments, ORDERS)
	for order in ORDERS:
		own = [each for each in shipments if order.rows.intersection(each.quantities() or {})]
		assert found.get(order.key, []) == own
