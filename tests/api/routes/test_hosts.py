"""A header `Host` that is no host is the caller's 400, and never a page of the web server's."""

import http.client
import json
from urllib.parse import urlsplit

import frappe
import pytest

from tests.support import people

HOSTS = {
	"a port that is no number": "x:abc",
	"a port that is too large": "x:99999999",
	"two ports": "a:1:2",
	"two hosts": "x:1,y:2",
	"half a bracket": "[::1",
	"a hexadecimal port": "x:0x10",
	"an empty label": "a..b",
	"dots": "..",
	"a long label": "a" * 64,
	"a long name": "a." * 200,
	"no ASCII": "\xff\xfe",
}
ADDRESSES = {
	"rpc": ("GET", "/api/method/medgrid.catalog.list_warehouses", None),
	"public rpc": ("POST", "/api/method/medgrid.contact_api.submit_contact_form", {"name": "x"}),
	"webhook": ("POST", "/api/method/medgrid.exoceuticals.webhook", {"id": 1}),
	"second contract": ("POST", "/api/method/medgrid.vertex.calculate_taxes", {"shop": "x"}),
	"documents": ("GET", "/api/resource/Item", None),
	"version 2": ("GET", "/api/v2/document/Item", None),
	"Frappe's": ("GET", "/api/method/frappe.auth.get_logged_user", None),
	"login": ("POST", "/api/method/login", {"pwd": "x"}),
}


def send(environment, verb, path, body, host, credentials):
	place = urlsplit(environment.url)
	connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
	connection.putrequest(verb, path, skip_host=True)
	# The site is found by this one.
	connection.putheader("X-Frappe-Site-Name", frappe.local.site)
	connection.putheader("Host", host.encode("latin-1"))
	if credentials:
		connection.putheader("Authorization", credentials)
	content = json.dumps(body).encode() if body is not None else b""
	connection.putheader("Content-Type", "application/json")
	connection.putheader("Content-Length", str(len(content)))
	connection.endheaders(content)
	answer = connection.getresponse()
	text = answer.read().decode()
	connection.close()
	return answer.status, answer.getheader("Content-Type"), text


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_none_is_400_at_every_address(environment, site, address, host):
	verb, path, body = ADDRESSES[address]
	for credentials in (None, people.customer().authorization, "token a:b"):
		status, kind, text = send(environment, verb, path, body, HOSTS[host], credentials)
		# Frappe looks at a password before any hook.
		assert (status, kind) == (401 if address == "login" else 400, "application/json"), text
		assert "exc" not in json.loads(text)
		assert address == "login" or "The header Host is not valid." in text


@pytest.mark.parametrize("body", [b"{", b'{"a":' * 1100 + b"1" + b"}" * 1100])
@pytest.mark.parametrize("host", HOSTS)
def test_nor_is_a_body_that_nobody_can_read_a_fault_there(environment, site, host, body):
	place = urlsplit(environment.url)
	connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
	for _verb, path, _body in ADDRESSES.values():
		headers = {"X-Frappe-Site-Name": frappe.local.site, "Content-Type": "application/json"}
		headers["Host"] = HOSTS[host]
		connection.request("POST", path, body, headers)
		answer = connection.getresponse()
		text = answer.read().decode()
		assert answer.status in (400, 401, 405, 415, 501), text
		assert answer.getheader("Content-Type") == "application/json"


@pytest.mark.parametrize("host", ["localhost", "a.example:8000", "[::1]:80", "10.0.0.1", "a.example."])
def test_a_host_is_taken(environment, site, host):
	credentials = people.customer().authorization
	status, _kind, text = send(environment, *ADDRESSES["rpc"], host, credentials)
	assert status == 200, text
