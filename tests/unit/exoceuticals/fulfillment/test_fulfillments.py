"""What becomes of tracking."""

import pytest

from medgrid.exoceuticals.fulfillment.fulfillments import (
	Fulfillment,
	Label,
	as_json,
	from_json,
	label,
	latest_label,
	merged,
	progress,
)
from tests.unit.exoceuticals.fulfillment.snapshots import NOON, shipment


@pytest.mark.parametrize(
	"url", ["javascript:alert(1)", "ftp://x", "//x", "x", "", None, "https://" + "x" * 1000]
)
def test_a_url_that_is_no_web_address_or_too_long_is_not_kept(url):
	assert label("N", "UPS", url) == Label("N", "UPS", None)


def test_texts_are_cut_to_their_columns():
	made = label("9" * 500, "U" * 500, " https://ups.com ")
	assert made == Label("9" * 140, "U" * 140, "https://ups.com")


def test_a_label_without_anything_is_none():
	assert label(None, " ", "javascript:x") is None


def test_the_latest_shipment_is_shown_and_its_first_label_with_a_number():
	late = Fulfillment("late", "SUCCESS", NOON, NOON, (Label(None, "UPS"), Label("L1"), Label("L2")))
	assert latest_label([late, shipment("OLD", -5)]).number == "L1"
	assert latest_label([shipment("OLD", -5), late]).number == "L1"


@pytest.mark.parametrize("status", ["CANCELLED", "ERROR", "FAILURE"])
def test_a_shipment_that_came_to_nothing_is_not_shown(status):
	assert latest_label([shipment("OLD", -5), shipment("VOID", status=status)]).number == "OLD"
	assert latest_label([shipment("VOID", status=status)]) is None


def test_shipments_survive_being_stored():
	kept = (shipment("A", 1, url="https://ups.com/A"), shipment("B", 2, status="CANCELLED"), Fulfillment())
	assert from_json(as_json(kept)) == kept
	assert (as_json(()), from_json(None)) == (None, ())


def test_a_shipment_that_news_leave_out_is_kept():
	assert merged([shipment("A")], [shipment("B", 1)]) == (shipment("A"), shipment("B", 1))


def test_news_without_tracking_take_none_away():
	bare = Fulfillment("x", "SUCCESS", NOON, NOON, ())
	assert merged([shipment("A", id="x")], [bare])[0].labels == (Label("A", "UPS"),)


def test_a_corrected_number_replaces_the_wrong_one():
	assert merged([shipment("WRONG", id="x")], [shipment("RIGHT", id="x")]) == (shipment("RIGHT", id="x"),)


def test_the_examples_shipment_without_id_is_the_same_as_shopifys_own_with_one():
	nameless = Fulfillment(labels=(Label("A"),))
	assert merged([nameless], [nameless]) == (nameless,)
	assert merged([nameless], [shipment("A")]) == (shipment("A"),)
	assert merged([nameless], []) == (nameless,)


def test_progress_never_decreases_with_what_shopify_can_do():
	steps = [
		(False, ()),
		(False, (shipment("A"),)),
		(False, (shipment("A", status="CANCELLED"),)),
		(False, (shipment("A", status="CANCELLED"), shipment("B"))),
		(True, (shipment("A", status="CANCELLED"), shipment("B", status="CANCELLED"))),
	]
	reached = [progress(*step) for step in steps]
	assert reached == sorted(reached)
	assert len(set(reached)) == len(reached)
