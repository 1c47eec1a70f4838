"""Which hosts are servers of Vertex On-Demand, and which fields hold secrets."""

import re

import pytest

from medgrid.vertex.merchants.fields import CREDENTIALS, DETAILS, HOST, SECRETS


@pytest.mark.parametrize(
	"host",
	["acme.ondemand.vertexinc.com", "acme-2.eu.ondemand.vertexinc.com", f"{'a' * 63}.ondemand.vertexinc.com"],
)
def test_a_customers_server_is_one(host):
	assert re.fullmatch(HOST, host)


@pytest.mark.parametrize(
	"host",
	[
		"ondemand.vertexinc.com",
		".ondemand.vertexinc.com",
		"-acme.ondemand.vertexinc.com",
		"a.b.c.ondemand.vertexinc.com",
		"acme.ondemand.vertexinc.com.evil.example",
		"acme.ondemand.vertexinc.com:8443",
		"user@acme.ondemand.vertexinc.com",
		"acme.ondemand.vertexinc.com/path",
		"acmeXondemand.vertexinc.com",
		"ACME.ondemand.vertexinc.com",
		"acme.ondemand.vertexinc.com\n",
		f"{'a' * 64}.ondemand.vertexinc.com",
		"127.0.0.1",
	],
)
def test_another_host_is_none(host):
	assert not re.fullmatch(HOST, host)


def test_secrets_are_no_plain_credentials():
	assert not set(SECRETS) & set(CREDENTIALS)
	assert not set(SECRETS) & set(DETAILS)
