"""No secret in anything that is logged."""

import html
import json
import time
from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest

from medgrid.core.redaction import redact

SECRET = "s3cr3t-Value/with+signs=="


@pytest.mark.parametrize(
	"text",
	[
		f"api_secret = '{SECRET}'",
		f"arguments = {{'api_key': '{SECRET}', 'x': 1}}",
		json.dumps({"api_secret": SECRET}),
		json.dumps(json.dumps({"access_token": SECRET})),
		f"https://shop/callback?hmac={SECRET}&shop=a",
		f"Authorization: Basic {SECRET}",
		f"headers = {{'Authorization': 'Bearer {SECRET}'}}",
		f"password: {SECRET}",
		f"client_secret='{SECRET}",
		f"X-Shopify-Access-Token: {SECRET}",
		f"sb-api-secret-key: {SECRET}",
	],
)
def test_what_is_named_like_a_secret_is_masked(text):
	assert SECRET not in redact(text)
	assert "********" in redact(text)


# What came through before, each by itself.
NOTATIONS = [
	f"password = b'{SECRET}'",
	f"{{'api_secret': b'{SECRET}'}}",
	f"api_secret = 'a\\'\"{SECRET}'",
	f"api_secret = 'first line\n{SECRET}'",
	f"api_secret = 'cut off, {SECRET}",
	f"auth = ('key', '{SECRET}')",
	f"api_secret = ['{SECRET}']",
	f"token = {{'value': '{SECRET}'}}",
	f"token = Token(value='{SECRET}', until=None)",
	f"username = '{SECRET}'",
	f"username = b'{SECRET}'",
	f"code={SECRET}",
	f"'state': '{SECRET}'",
	f"nonce = '{SECRET}'",
	f"Cookie: lang=en; sid={SECRET}; full_name=x",
	f"Set-Cookie: sid={SECRET}; Path=/",
	f"encryption_key = {SECRET}",
	f"private_key = '{SECRET}'",
	f"key = '{SECRET}'",
	f"%22api_key%22%3A%22{SECRET}%22",
	f"%2522api_key%2522%253A%2522{SECRET}%2522",
	f"\\u0022api_secret\\u0022: \\u0022{SECRET}\\u0022",
	f"&quot;api_secret&quot;: &quot;{SECRET}&quot;",
	json.dumps(json.dumps(json.dumps({"api_secret": SECRET}))),
	f"api_secret=a,b;c){SECRET}",
	f"{'x' * 60}_secret_{'y' * 60} = '{SECRET}'",
	f"https://site/callback?code={SECRET}&shop=a",
	f"next=%2Fcallback%3Fcode%3D{SECRET}%26shop%3Da",
	f"accessToken: {SECRET}",
	f"authorization: Basic {SECRET}",
	f"signature={SECRET}",
]


@pytest.mark.parametrize("text", NOTATIONS)
def test_every_notation_of_a_named_secret_is_masked(text):
	assert SECRET not in redact(text)
	assert "********" in redact(text)


@pytest.mark.parametrize("kind", ["shpat", "shprt", "shpss", "shppa", "shpca"])
def test_shopifys_tokens_are_known_by_their_beginning(kind):
	assert "0a1b2c" not in redact(f"Invalid header value b'{kind}_0a1b2c3d4e5f'")


PLAIN = "p@ss \"w\u00f6rd'/+0123456789"


@pytest.mark.parametrize(
	"written",
	[
		PLAIN,
		repr(PLAIN),
		json.dumps(PLAIN),
		json.dumps(json.dumps(PLAIN)),
		json.dumps(PLAIN, ensure_ascii=False),
		quote(PLAIN),
		quote(PLAIN, safe=""),
		quote_plus(PLAIN),
		"".join(f"\\u{ord(character):04x}" for character in PLAIN),
		html.escape(PLAIN),
		PLAIN[::-1],
		*(b64encode(f"{'k' * length}:{PLAIN}:x".encode()).decode() for length in range(3)),
	],
)
def test_a_known_secret_is_masked_in_every_notation_and_under_any_name(written):
	masked = redact(f"the value was {written} at the end", [PLAIN])
	assert "********" in masked
	for part in ("0123456789", "9876543210", "\\u0030\\u0031\\u0032"):
		assert part not in masked
	assert masked.startswith("the value was ") and masked.endswith(" at the end")


def test_a_short_known_value_is_not_searched_for():
	assert redact("error 42 in line 42", ["42"]) == "error 42 in line 42"


@pytest.mark.parametrize(
	"text",
	[
		"Sales Order SAL-2026-00123 was pushed",
		"KeyError: 'item_code'",
		'File "medgrid/catalog.py", line 12, in search_items',
		"the key pair's budget is 40 requests",
		"medgrid/core/secrets.py:42 read_secret\nValueError",
		"{'item_code': 'VD3', 'warehouse': 'Stores'}",
		'File "medgrid/clients/shopify/oauth/tokens.py", line 12, in current',
		"",
	],
)
def test_everything_else_stays_readable(text):
	assert redact(text) == text


def test_long_texts_of_hyphens_take_no_longer_than_others():
	"""With a pattern that backtracks, this would not end within the tests' time."""
	text = "a-" * 100_000
	assert redact(text) == text


@pytest.mark.parametrize(
	"text",
	[
		"secret" * 50_000,
		"api_secret=" * 30_000,
		"token('" * 50_000,
		"token=" + "\\" * 100_000 + "'" + "\\'" * 50_000,
		"password={" * 30_000,
	],
)
def test_a_hostile_text_takes_no_longer_than_others(text):
	began = time.monotonic()
	redact(text)
	assert time.monotonic() - began < 10
