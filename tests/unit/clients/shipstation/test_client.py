"""What of a ShipStation client needs no ShipStation."""

from base64 import b64decode

import pytest
from pydantic import SecretStr

from medgrid.clients.shipstation.client import basic_auth


@pytest.mark.parametrize(("key", "secret"), [("key", "secret"), ("х", "\ud83d\ude00"), ("a:b", "")])
def test_any_pair_of_keys_makes_a_header(key, secret):
	"""What no account has is for ShipStation to reject: it is no fault of MedGrid's."""
	header = basic_auth(SecretStr(key), SecretStr(secret))
	kind, _blank, pair = header.get_secret_value().partition(" ")
	assert kind == "Basic"
	assert b64decode(pair).decode().split(":")[0] == key.split(":")[0]
	assert key not in repr(header)


def test_half_a_character_in_a_key_is_replaced():
	header = basic_auth(SecretStr("a\ud800"), SecretStr("b")).get_secret_value()
	assert b64decode(header.removeprefix("Basic ")) == b"a?:b"
