"""What becomes of tracking."""

from datetime import timedelta

import pytest

from medgrid.exoceuticals.fulfillment.fulfillments import (
	MAX_STORED,
	MAX_STORED_LABELS,
	Fulfillment,
	Label,
	as_json,
	bounded,
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


def many(count: int, labels: int, start: int = 0) -> tuple[Fulfillment, ...]:
	"""Fulfillments with some labels each, the oldest first."""
	return tuple(
		Fulfillment(
			f"gid://shopify/Fulfillment/{number}",
			created_at=NOON + timedelta(seconds=number),
			labels=tuple(Label(f"{number}-{place}") for place in range(labels)),
		)
		for number in range(start + 1, start + count + 1)
	)


def test_of_many_fulfillments_the_newest_are_stored_whatever_arrives_how_often():
	stored: tuple[Fulfillment, ...] = ()
	for webhook in range(5):
		stored = bounded(merged(stored, many(250, 50, start=webhook * 250)))
		assert len(stored) == MAX_STORED
		assert sum(len(each.labels) for each in stored) == MAX_STORED_LABELS
		assert len(as_json(stored) or "") < 200_000
	assert stored[-1].id == "gid://shopify/Fulfillment/1250"
	assert latest_label(stored) == Label("1250-0")


def test_a_repeated_payload_beyond_the_bounds_changes_nothing():
	stored = bounded(merged((), many(300, 50)))
	assert bounded(merged(stored, many(300, 50))) == stored


def test_what_is_within_the_bounds_is_stored_whole():
	few = many(100, 5)
	assert bounded(few) == few
