"""No secret in anything that is logged."""

import json

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


@pytest.mark.parametrize(
	"text",
	[
		"Sales Order SAL-2026-00123 was pushed",
		"KeyError: 'item_code'",
		'File "medgrid/catalog.py", line 12, in search_items',
		"the key pair's budget is 40 requests",
		"",
	],
)
def test_everything_else_stays_readable(text):
	assert redact(text) == text


def test_long_texts_of_hyphens_take_no_longer_than_others():
	"""With a pattern that backtracks, this would not end within the tests' time."""
	text = "a-" * 100_000
	assert redact(text) == text
