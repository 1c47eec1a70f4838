from datetime import datetime, timezone

import pytest

from medgrid.clients.shopify.webhooks.headers import read_headers

MOMENT = datetime(2026, 6, 18, 14, 30, 5, 123456, timezone.utc)


def triggered_at(text: str) -> datetime | None:
	return read_headers({"X-Shopify-Triggered-At": text}).triggered_at


def test_topic_and_shop_are_in_small_letters_and_bounded():
	said = read_headers({"X-Shopify-Topic": " Orders/Updated ", "X-Shopify-Shop-Domain": "A" * 500})
	assert (said.topic, said.shop) == ("orders/updated", "a" * 140)


def test_headers_may_be_missing():
	said = read_headers({})
	assert (said.topic, said.shop, said.triggered_at) == ("", "", None)


def test_shopifys_times_have_nine_digits_after_the_second():
	assert triggered_at("2026-06-18T14:30:05.123456789Z") == MOMENT
	assert triggered_at("2026-06-18T14:30:05Z") == MOMENT.replace(microsecond=0)
	assert triggered_at("2026-06-18T14:30:05.12Z") == MOMENT.replace(microsecond=120000)


@pytest.mark.parametrize(
	"text",
	[
		"",
		"yesterday",
		"2026-13-01T00:00:00Z",
		"2026-06-18T14:30:05+02:00x",
		"9999-12-31T23:59:59Z",
		"0001-01-01T00:00:00Z",
	],
)
def test_what_is_no_time_is_none(text):
	assert triggered_at(text) is None


def test_digits_of_other_scripts_are_no_fraction():
	assert triggered_at("2026-06-18T14:30:05.²²²Z") == MOMENT.replace(microsecond=0)
