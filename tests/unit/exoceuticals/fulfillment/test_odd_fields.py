"""A shipment with one odd field keeps the rest of it."""

from copy import deepcopy

import pytest

from medgrid.clients.shopify.order_results import OrderState
from medgrid.clients.shopify.webhooks.payloads import WebhookOrder
from medgrid.exoceuticals.fulfillment.changes import NUMBER, SHIPMENTS, STATUS, changes, is_stale
from medgrid.exoceuticals.fulfillment.fulfillments import from_json, latest_label
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_graphql, snapshot_from_webhook
from medgrid.http_client.partial_reading import in_words, read_partly
from tests.unit.exoceuticals.fulfillment.snapshots import NOON, row

MOMENT = "2026-06-18T12:00:00Z"
SHIPMENT = {
	"id": 7,
	"status": "success",
	"created_at": MOMENT,
	"updated_at": MOMENT,
	"tracking_company": "UPS",
	"tracking_number": "1Z1",
	"tracking_numbers": ["1Z1"],
	"tracking_url": "https://ups.com/1Z1",
	"tracking_urls": ["https://ups.com/1Z1"],
}
WEBHOOK = {
	"id": 1,
	"name": "#1",
	"updated_at": MOMENT,
	"cancelled_at": None,
	"fulfillment_status": "fulfilled",
	"fulfillments": [SHIPMENT],
}
GRAPHQL = {
	"id": "gid://shopify/Order/1",
	"name": "#1",
	"updatedAt": MOMENT,
	"cancelledAt": None,
	"displayFulfillmentStatus": "FULFILLED",
	"fulfillments": [
		{
			"id": "gid://shopify/Fulfillment/7",
			"status": "SUCCESS",
			"createdAt": MOMENT,
			"updatedAt": MOMENT,
			"trackingInfo": [{"number": "1Z1", "company": "UPS", "url": "https://ups.com/1Z1"}],
		}
	],
}
ODD = [
	None,
	"",
	0,
	-1,
	5,
	1.5,
	True,
	"0000-00-00",
	"yesterday",
	"x" * 5000,
	[],
	["1Z1"],
	{},
	{"a": 1},
	"<b>",
	"\x00",
]
# An order without its own ID is no order; an order without its list of shipments has none.
NEEDED = {("id",), ("fulfillments",)}
# The fields that hold the number: at Shopify's webhooks each stands in for the other.
NUMBERS = {("fulfillments", 0, "trackingInfo"), ("fulfillments", 0, "trackingInfo", 0)}
NUMBERS |= {(*path, "number") for path in NUMBERS} | {("fulfillments", 0)}


def places(content, path=()):
	"""The path of every value below a record."""
	entries = content.items() if isinstance(content, dict) else enumerate(content)
	for key, value in entries:
		yield (*path, key)
		if isinstance(value, dict | list):
			yield from places(value, (*path, key))


def with_odd(content, path, value):
	changed = deepcopy(content)
	around = changed
	for step in path[:-1]:
		around = around[step]
	around[path[-1]] = value
	return changed


def snapshot_of(content):
	if "displayFulfillmentStatus" in content:
		return snapshot_from_graphql(OrderState.model_validate(content))
	partial = read_partly(WebhookOrder, content)
	return snapshot_from_webhook(partial.record, partial.problems)


CASES = [
	pytest.param(content, path, id=f"{name} {'.'.join(map(str, path))}")
	for name, content in (("webhook", WEBHOOK), ("GraphQL", GRAPHQL))
	for path in places(content)
	if path not in NEEDED
]


def is_right(content, path, value):
	"""Whether a value is of the type of its field: an object or a list, a text that is cut, a number."""
	known = content
	for step in path:
		known = known[step]
	is_cut = path[-1] in ("tracking_company", "company", "status", "fulfillment_status")
	is_cut = is_cut or path[-1] == "displayFulfillmentStatus"
	return (type(known) is type(value) and value in ([], {"a": 1}, 5)) or (is_cut and isinstance(value, str))


@pytest.mark.parametrize(("content", "path"), CASES)
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_one_odd_field_costs_that_field_only(content, path, value):
	snapshot = snapshot_of(with_odd(content, path, value))
	label = latest_label(snapshot.fulfillments)
	number = label.number if label else None
	if path not in NUMBERS:
		is_void = path[-1] == "status" and isinstance(value, str) and value.upper() == "CANCELLED"
		assert is_void or number == "1Z1" or value == number
	else:
		# Half a number is a wrong one: there is none, or the odd one is one.
		assert number in (None, "1Z1", value)
		if number is None and value not in (None, "", [], {}) and not is_right(content, path, value):
			assert snapshot.problems


@pytest.mark.parametrize(("content", "path"), CASES)
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_an_odd_field_takes_away_nothing_that_is_known(content, path, value):
	known = row(
		**{
			name.removeprefix("exoceuticals_"): each
			for name, each in changes(row(), snapshot_of(content)).items()
		}
	)
	odd = snapshot_of(with_odd(content, path, value))
	stored = {**known, **changes(known, odd)}
	if value not in ("yesterday", "5", "<b>") or stored[NUMBER] == "1Z1":
		assert stored[NUMBER] in ("1Z1", value)
	if odd.status is None:
		assert stored[STATUS] == "Fulfilled"
	kept = from_json(stored[SHIPMENTS])
	assert (
		len(kept) == 1
		or path in {("fulfillments", 0, "id"), ("fulfillments", 0)}
		or kept[-1].id != kept[0].id
	)


@pytest.mark.parametrize("value", [5, [], {"a": 1}, "x" * 5000])
@pytest.mark.parametrize(("content", "path"), CASES)
def test_what_is_of_the_wrong_type_is_said_without_its_value(content, path, value):
	if is_right(content, path, value):
		return
	problems = snapshot_of(with_odd(content, path, value)).problems
	words = in_words(problems)
	named = [".".join(map(str, path[:length])) for length in range(1, len(path) + 1)]
	assert any(words.startswith(name) for name in named), words
	assert "xxx" not in words


def test_a_number_among_odd_ones_is_found():
	parcels = {"tracking_number": "1Z1", "tracking_numbers": [5, None], "tracking_urls": 3}
	label = latest_label(snapshot_of({**WEBHOOK, "fulfillments": [parcels]}).fulfillments)
	assert label.number == "1Z1"


def test_a_shipment_that_is_none_costs_no_other():
	order = {**WEBHOOK, "fulfillments": [3, None, SHIPMENT, "x"]}
	snapshot = snapshot_of(order)
	assert [each.label.number for each in snapshot.fulfillments] == ["1Z1"]
	assert in_words(snapshot.problems) == (
		"fulfillments.0: it is no object; fulfillments.3: it is no object; fulfillments.1: it is no object"
	)


def test_a_list_that_is_too_long_keeps_its_beginning():
	numbers = [f"N{number}" for number in range(300)]
	snapshot = snapshot_of({**WEBHOOK, "fulfillments": [{"id": 7, "tracking_numbers": numbers}]})
	assert snapshot.fulfillments[0].label.number == "N0"
	assert "tracking_numbers: it has too many entries" in in_words(snapshot.problems)


def test_an_order_whose_status_cannot_be_read_keeps_its_known_one():
	known = row(status="On Hold")
	odd = snapshot_of({**WEBHOOK, "fulfillment_status": {"a": 1}})
	assert odd.status is None
	assert odd.may_hide_detail
	assert changes(known, odd)[NUMBER] == "1Z1"
	assert STATUS not in changes(known, odd)


def test_an_order_whose_cancellation_cannot_be_read_is_neither_cancelled_nor_not():
	for content, field in ((WEBHOOK, "cancelled_at"), (GRAPHQL, "cancelledAt")):
		odd = snapshot_of({**content, field: "0000-00-00"})
		assert (odd.cancelled, odd.status) == (False, None)


@pytest.mark.parametrize(
	("known", "reported", "stale"),
	[
		("Unfulfilled", "partial", False),
		("Unfulfilled", "fulfilled", False),
		("On Hold", "fulfilled", False),
		("Partially Fulfilled", "fulfilled", False),
		("Fulfilled", "restocked", False),
		("Fulfilled", "partial", True),
		("Fulfilled", None, True),
		("Partially Fulfilled", None, True),
		("Restocked", "fulfilled", True),
		("Cancelled", "fulfilled", True),
	],
)
def test_of_two_states_without_a_time_the_one_further_on_is_the_later_one(known, reported, stale):
	"""Contract, "Example Payload": it has no time."""
	shipments = changes(row(), snapshot_of(WEBHOOK))[SHIPMENTS]
	stored = row(status=known, updated_at=NOON.replace(tzinfo=None), fulfillments=shipments)
	assert is_stale(stored, snapshot_of({"id": 1, "fulfillment_status": reported})) is stale
