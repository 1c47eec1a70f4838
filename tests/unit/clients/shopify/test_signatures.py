"""Shopify's signatures, checked against values that the simulator makes in its own way."""

import pytest

from medgrid.clients.shopify.signatures import is_signed_query, query_signatures, sign_body, signing_secret

SECRET = "hush"
QUERY = "code=0907a61c0c8d55e99db179b68161bc00&shop=some-shop.myshopify.com&state=0.6784&timestamp=1337178173"
# `printf '%s' "$QUERY" | openssl dgst -sha256 -hmac hush`
QUERY_HMAC = "b7f1261e1fe18a3cddc65c4ad6e94254fcb8d5ed172db55a6f8652035ddc4314"
BODY = b'{"id": 4567890123, "note": "\xc3\xa4"}'
# `printf '%s' "$BODY" | openssl dgst -sha256 -hmac hush -binary | base64`
BODY_HMAC = "POWW173LRil05RW3bgzFangMZDsAtG22/PWrbrN38Lg="


def test_a_redirect_is_signed_as_shopify_documents_it():
	assert set(query_signatures(QUERY, SECRET)) == {QUERY_HMAC}
	assert is_signed_query(f"{QUERY}&hmac={QUERY_HMAC}", SECRET)


def test_neither_the_order_of_the_parameters_nor_the_old_signature_matters():
	reordered = "&".join(reversed(QUERY.split("&")))
	assert is_signed_query(f"hmac={QUERY_HMAC}&{reordered}&signature=old", SECRET)


@pytest.mark.parametrize(
	"query",
	[
		QUERY,
		f"{QUERY}&hmac=",
		f"{QUERY}&hmac={QUERY_HMAC[:-1]}0",
		f"{QUERY}&hmac={QUERY_HMAC}&hmac={QUERY_HMAC}",
		f"{QUERY}&extra=1&hmac={QUERY_HMAC}",
		f"{QUERY.replace('some-shop', 'other-shop')}&hmac={QUERY_HMAC}",
		f"{QUERY}&hmac=\N{LATIN SMALL LETTER A WITH DIAERESIS}",
		"",
	],
)
def test_what_shopify_did_not_sign_is_not_signed(query):
	assert not is_signed_query(query, SECRET)


def test_another_secret_does_not_fit():
	assert not is_signed_query(f"{QUERY}&hmac={QUERY_HMAC}", "other")


# Made with PyPI's ShopifyAPI 12.7.0 and npm's @shopify/shopify-api 13.1.0.
LIBRARIES = [
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=a%26b%3Dc",
		"ShopifyAPI",
		"68b6f8007282e3a6f8d02f54316a1a41e37e6ee390514339c2992bc83371df57",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=100%25+%26+more",
		"ShopifyAPI",
		"2eca88f9e20edaa8ee117e3a1aa76744201b97a7ee9c505c808c931471581d59",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=x+y%2Bz",
		"ShopifyAPI",
		"90fed78f323216cc477e45e8c51be0a89f4bb1a809793e9452b4d525f2fac3c6",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=%C3%A4%F0%9F%A9%B9~%2A",
		"ShopifyAPI",
		"f87209ebaed9b8dc093edf380394c24d5dc022a6c45e6b83464664b9c12ef443",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&ids%5B%5D=1&ids%5B%5D=2+3",
		"ShopifyAPI",
		"d1ff006f998f32aeba125309903ecdbddb484fc88787dfb95094aaf6867cdcd7",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&host=YWRtaW4%3D",
		"ShopifyAPI",
		"3af7f152dba5466bdcd2e8fbc242387951f7fa59dfcb296abbbf4cfa96aeddce",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=a%26b%3Dc",
		"@shopify/shopify-api",
		"03e24d3c78ccedc4bde0b60a29931b1a2840726569ed470ec74f53447e9b8aab",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=100%25+%26+more",
		"@shopify/shopify-api",
		"095ac21002a1e919807d772b6c719d895228eb6f51767d683a0b973088a3abee",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=x+y%2Bz",
		"@shopify/shopify-api",
		"42d258469bf061410a2744614de37c5c4a5f0ad90cc322b0088596e8fa913e5d",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&state=%C3%A4%F0%9F%A9%B9~%2A",
		"@shopify/shopify-api",
		"8e9e98c3c8b197c18b0b82c9713c4d95db1f1180c3ed74ce7ba764b20a06794c",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&ids%5B%5D=1&ids%5B%5D=2+3",
		"@shopify/shopify-api",
		"4975d6d067517bf04bab9396a230c37bf4db96b01469cb0bac81b7839024bb80",
	),
	(
		"code=0907&shop=some-shop.myshopify.com&timestamp=1337178173&host=YWRtaW4%3D",
		"@shopify/shopify-api",
		"7fd2a09973a3aed9735cf7536b6eded2714958890e14e7252dedae9722c30af6",
	),
]


@pytest.mark.parametrize(("query", "library", "signature"), LIBRARIES)
def test_signatures_of_shopifys_own_libraries_are_accepted(query, library, signature):
	assert is_signed_query(f"{query}&hmac={signature}", SECRET), library
	assert not is_signed_query(f"{query}&z=1&hmac={signature}", SECRET)


def test_a_value_cannot_pose_as_another_parameter():
	posing, plain = query_signatures("a=1%26b%3D2", SECRET), query_signatures("a=1&b=2", SECRET)
	assert not set(posing) & set(plain)


def test_a_webhook_is_signed_over_its_raw_body():
	assert sign_body(BODY, SECRET) == BODY_HMAC
	assert signing_secret(BODY, BODY_HMAC, [("present", SECRET)]) == "present"
	assert signing_secret(BODY + b" ", BODY_HMAC, [("present", SECRET)]) is None


def test_during_a_rotation_the_old_secret_signs_too_and_which_one_did_is_known():
	assert signing_secret(BODY, BODY_HMAC, [("new", "new"), ("old", SECRET)]) == "old"
	assert signing_secret(BODY, BODY_HMAC, [("first", SECRET), ("second", SECRET)]) == "first"
	assert signing_secret(BODY, BODY_HMAC, [("new", "new")]) is None


@pytest.mark.parametrize("signature", [None, "", "x", "ä"])
def test_a_webhook_without_a_right_signature_is_not_signed(signature):
	assert signing_secret(BODY, signature, [("present", SECRET)]) is None


def test_nothing_is_signed_with_an_empty_secret():
	assert signing_secret(BODY, sign_body(BODY, ""), [("empty", ""), ("none", None)]) is None
