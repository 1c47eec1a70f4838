"""Bearer tokens of the identity server: every forgery is 401 with one sentence."""

import time

import pytest

from tests.support.connector import forget_limits, issue, set_up_settings, with_bearer
from tests.support.http import message
from tests.support.raw_server import answers, raw_server

SENTENCE = "Authentication failure. Invalid user credentials."
SECRET = "a shared secret of 36 characters, no!".replace(" ", "-")
FORGERIES = [
	"expired",
	"not_yet",
	"no_expiry",
	"other_issuer",
	"no_issuer",
	"other_audience",
	"no_audience",
	"unsigned",
	"no_signature",
	"changed",
	"other_key",
	"unknown_key",
	"hs256_with_public_key",
	"hs256_with_other_secret",
	"two_parts",
	"four_parts",
	"no_json",
	"too_long",
]


def read(caller):
	return caller.get("medgrid.vertex.shopify_onboarding")


def test_the_list_of_forgeries_is_complete(identity):
	assert set(FORGERIES) == set(identity.forgeries()) - {"no_shop"}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_401(complete_shop, identity, forgery):
	answer = read(complete_shop.bearer(forgery=forgery))
	if forgery == "too_long" and answer.status_code == 431:
		# The web server takes no header of that length.
		return
	assert issue(answer, 401)["detail"] == SENTENCE


@pytest.mark.parametrize(
	"shop", ["{}", "{}.myshopify.com", "https://{}.myshopify.com", "HTTPS://{}.MYSHOPIFY.COM/"]
)
def test_a_good_token_names_its_shop_in_any_spelling(environment, complete_shop, identity, shop):
	handle = complete_shop.domain.partition(".")[0]
	token = identity.identity_token(shop.format(handle))
	assert message(read(with_bearer(environment, token)))["shop"] == complete_shop.domain


@pytest.mark.parametrize("claims", [{"shop": None}, {"shop": "not a shop"}, {"shop": ["x"]}, {"shop": 5}])
def test_a_token_without_a_shop_is_403(environment, complete_shop, identity, claims):
	token = identity.identity_token(complete_shop.domain, claims=claims)
	issue(read(with_bearer(environment, token)), 403)


@pytest.mark.parametrize(
	"claims",
	[
		{"aud": ["somebody-else", "medgrid-vertex"]},
		{"nbf": 30},
		{"exp": -30},
		{"iat": 3600},
		{"sub": 5},
	],
)
def test_clocks_may_differ_by_a_minute_and_other_claims_do_not_count(
	environment, complete_shop, identity, claims
):
	times = {name: int(time.time()) + claims[name] for name in ("nbf", "exp", "iat") if name in claims}
	token = identity.identity_token(complete_shop.domain, claims={**claims, **times})
	assert read(with_bearer(environment, token)).status_code == 200


def test_a_shared_secret_signs_hs256_and_no_key_does_then(environment, complete_shop, identity):
	server = identity.identity()
	set_up_settings(
		identity_issuer=server["issuer"], identity_audience=server["audience"], identity_secret=SECRET
	)
	assert read(complete_shop.bearer(secret=SECRET)).status_code == 200
	issue(read(complete_shop.bearer()), 401)
	issue(read(complete_shop.bearer(secret=SECRET + "x")), 401)
	issue(read(complete_shop.bearer(forgery="unsigned")), 401)


def test_with_a_key_set_a_secret_signs_nothing(complete_shop, identity):
	issue(read(complete_shop.bearer(secret=SECRET)), 401)


def test_es256_is_as_good(environment, complete_shop, identity):
	identity.rotate_identity_key(algorithm="ES256")
	try:
		forget_limits()
		assert read(complete_shop.bearer()).status_code == 200
	finally:
		identity.rotate_identity_key()
		forget_limits()


def test_a_new_key_is_fetched_at_most_once_a_minute(environment, complete_shop, identity):
	forget_limits()
	assert read(complete_shop.bearer()).status_code == 200
	identity.rotate_identity_key()
	assert read(complete_shop.bearer()).status_code == 200
	identity.rotate_identity_key()
	issue(read(complete_shop.bearer()), 401)
	forget_limits()
	assert read(complete_shop.bearer()).status_code == 200


def test_without_an_identity_server_no_token_is_accepted(complete_shop, identity):
	token = complete_shop.bearer()
	set_up_settings()
	issue(read(token), 401)


def test_an_identity_server_that_is_down_is_503_and_kept_keys_are_good(complete_shop, identity):
	forget_limits()
	token = complete_shop.bearer()
	assert read(token).status_code == 200
	server = identity.identity()
	set_up_settings(
		identity_issuer=server["issuer"],
		identity_audience=server["audience"],
		identity_jwks_url="http://127.0.0.1:9/keys",
	)
	body = issue(read(token), 503)
	assert body["title"] == "Service Unavailable"
	set_up_settings(
		identity_issuer=server["issuer"],
		identity_audience=server["audience"],
		identity_jwks_url=identity.identity_keys_url,
	)
	assert read(token).status_code == 200


NO_KEYS = {
	"a page": ("200 OK", b"<html>sign in</html>"),
	"a list": ("200 OK", b"[]"),
	"no list": ("200 OK", b'{"keys": {}}'),
	"half": ("200 OK", b'{"keys": [{"kty": "RSA"'),
	"too much": ("200 OK", b'{"keys": ["' + b"x" * 70_000 + b'"]}'),
	"too deep": ("200 OK", b'{"keys": ' + b"[" * 500 + b"]" * 500 + b"}"),
	"a redirect": ("302 Found", b""),
	"an error": ("500 Oops", b'{"keys": []}'),
}


@pytest.mark.parametrize("kind", NO_KEYS)
def test_an_identity_server_that_makes_no_sense_is_503(complete_shop, identity, kind):
	status, body = NO_KEYS[kind]
	server = identity.identity()
	with raw_server(answers(body, status, {"Location": "/elsewhere"})) as raw:
		set_up_settings(
			identity_issuer=server["issuer"],
			identity_audience=server["audience"],
			identity_jwks_url=f"{raw.url}/keys",
		)
		assert issue(read(complete_shop.bearer()), 503)["title"] == "Service Unavailable"


def test_a_token_opens_nothing_else(complete_shop, identity):
	bearer = complete_shop.bearer()
	for path in ("/api/method/medgrid.catalog.list_warehouses", "/api/resource/User"):
		assert bearer.request("GET", path).status_code == 401


def test_the_token_is_in_no_log(site, complete_shop, identity):
	token = identity.identity_token(complete_shop.domain, forgery="expired")
	issue(read(with_bearer(complete_shop.environment, token)), 401)
	site.db.rollback()
	assert not site.get_all("Error Log", {"error": ("like", f"%{token[-40:]}%")})
