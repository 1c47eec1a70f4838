"""What the token endpoint may answer: a token that could never be sent must not be stored."""

from datetime import timedelta

import pytest

from medgrid.clients.shopify.oauth.token_endpoint import _pair
from medgrid.core.clock import utc_now
from medgrid.http_client.errors import UnexpectedResponse
from medgrid.http_client.messages import NOT_JSON

GOOD = {
	"access_token": "shpat_1",
	"scope": "read_products, write_orders",
	"expires_in": 3600,
	"refresh_token": "r",
}


def test_a_pair_is_read_with_its_scopes_and_its_end():
	pair = _pair(GOOD)
	assert pair.access_token.get_secret_value() == "shpat_1"
	assert pair.refresh_token.get_secret_value() == "r"
	assert pair.scopes == ("read_products", "write_orders")
	assert pair.expires_at
	assert abs(pair.expires_at - utc_now() - timedelta(hours=1)) < timedelta(seconds=5)


def test_a_token_that_stays_has_no_end():
	pair = _pair({"access_token": "shpat_1"})
	assert (pair.expires_at, pair.refresh_token, pair.scopes) == (None, None, ())


@pytest.mark.parametrize(
	"wrong",
	[
		{"access_token": ""},
		{"access_token": "x\r\nX: y"},
		{"access_token": "хэ"},
		{"access_token": "two words"},
		{"access_token": "x" * 501},
		{"access_token": None},
		{"refresh_token": "\0"},
		{"expires_in": 10**18},
		{"expires_in": -5},
		{"expires_in": 0},
		{"scope": "<img src=x>,read_products"},
		{"scope": "a" * 3000},
	],
)
def test_what_cannot_be_a_pair_is_unexpected_and_not_quoted(wrong):
	with pytest.raises(UnexpectedResponse) as caught:
		_pair({**GOOD, **wrong})
	assert "shpat_1" not in str(caught.value)
	assert caught.value.__context__ is None and caught.value.__cause__ is None


@pytest.mark.parametrize("content", [NOT_JSON, None, [], "shpat_1"])
def test_what_is_no_object_is_unexpected(content):
	with pytest.raises(UnexpectedResponse):
		_pair(content)
