"""The identity server: tokens that a library accepts, and tokens that nobody may accept."""

import time

import jwt
import pytest
import requests

from sandbox.simulators.common.errors import ControlRefused

SHOP = "vertexdevstore.myshopify.com"
SECRET = "a-secret-of-at-least-thirty-two-characters"
ISSUER, AUDIENCE = "https://identity.vertex.example", "medgrid-vertex"


def keys(control) -> jwt.PyJWKSet:
	answer = requests.get(control.identity_keys_url, timeout=5)
	assert answer.status_code == 200
	return jwt.PyJWKSet.from_dict(answer.json())


def read(control, token: str) -> dict:
	"""What a careful reader does with a token."""
	key = keys(control)[jwt.get_unverified_header(token)["kid"]]
	return jwt.decode(
		token,
		key.key,
		algorithms=["RS256", "ES256"],
		issuer=ISSUER,
		audience=AUDIENCE,
		options={"require": ["exp", "iss", "aud"]},
	)


def test_a_token_names_the_shop_and_is_signed_with_the_published_key(control):
	claims = read(control, control.identity_token(SHOP))
	assert (claims["shop"], claims["iss"], claims["aud"]) == (SHOP, ISSUER, AUDIENCE)
	assert 3500 < claims["exp"] - time.time() <= 3600
	[key] = requests.get(control.identity_keys_url, timeout=5).json()["keys"]
	assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")


def test_what_medgrid_has_to_know_is_told(control):
	assert control.identity() == {
		"issuer": ISSUER,
		"audience": AUDIENCE,
		"shop_claim": "shop",
		"keys_path": "/identity/.well-known/jwks.json",
	}
	assert control.identity_keys_url == f"{control.url}/identity/.well-known/jwks.json"


def test_claims_can_be_others_and_left_out(control):
	token = control.identity_token(SHOP, claims={"sub": None, "aud": ["a", AUDIENCE], "role": "owner"})
	claims = read(control, token)
	assert ("sub" in claims, claims["aud"], claims["role"]) == (False, ["a", AUDIENCE], "owner")
	assert "shop" not in read(control, control.identity_token(None))


def test_a_secret_signs_instead_of_the_key(control):
	token = control.identity_token(SHOP, secret=SECRET)
	claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE)
	assert claims["shop"] == SHOP


@pytest.mark.parametrize(
	("forgery", "error"),
	[
		("expired", jwt.ExpiredSignatureError),
		("not_yet", jwt.ImmatureSignatureError),
		("no_expiry", jwt.MissingRequiredClaimError),
		("other_issuer", jwt.InvalidIssuerError),
		("no_issuer", jwt.MissingRequiredClaimError),
		("other_audience", jwt.InvalidAudienceError),
		("no_audience", jwt.MissingRequiredClaimError),
		("no_signature", jwt.InvalidSignatureError),
		("changed", jwt.InvalidSignatureError),
		("other_key", jwt.InvalidSignatureError),
		("hs256_with_public_key", jwt.InvalidAlgorithmError),
		# No key is named, or none that is published.
		("unsigned", KeyError),
		("hs256_with_other_secret", KeyError),
		("unknown_key", KeyError),
		("two_parts", jwt.DecodeError),
		("no_json", jwt.DecodeError),
		("four_parts", jwt.DecodeError),
	],
)
def test_a_forgery_is_refused_for_its_own_reason(control, forgery, error):
	with pytest.raises(error):
		read(control, control.identity_token(SHOP, forgery))


def test_these_are_honest_tokens_that_the_connector_refuses(control):
	assert "shop" not in read(control, control.identity_token(SHOP, "no_shop"))
	assert len(control.identity_token(SHOP, "too_long")) > 8192


def test_the_public_key_signs_hs256_as_a_careless_reader_would_accept(control):
	token = control.identity_token(SHOP, "hs256_with_public_key")
	header = jwt.get_unverified_header(token)
	assert (header["alg"], header["kid"]) == ("HS256", keys(control).keys[0].key_id)
	assert jwt.decode(token, options={"verify_signature": False})["shop"] == SHOP


def test_every_forgery_has_a_name_and_makes_a_token(control):
	names = control.forgeries()
	assert len(names) == len(set(names)) == 19
	for name in names:
		assert isinstance(control.identity_token(SHOP, name), str)
	with pytest.raises(ControlRefused, match="expired"):
		control.identity_token(SHOP, "nonsense")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_key_can_be_another_one(control, algorithm):
	before = control.identity_token(SHOP)
	control.rotate_identity_key(algorithm)
	after = control.identity_token(SHOP)
	assert jwt.get_unverified_header(after)["alg"] == algorithm
	assert read(control, after)["shop"] == SHOP
	with pytest.raises(KeyError):
		read(control, before)


def test_other_algorithms_have_no_keys(control):
	with pytest.raises(ControlRefused, match="RS256 and ES256"):
		control.rotate_identity_key("HS256")


def test_a_reset_keeps_the_key(control):
	token = control.identity_token(SHOP)
	control.reset()
	assert read(control, token)["shop"] == SHOP
