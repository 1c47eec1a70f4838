"""Callers of public addresses are counted by what they cannot choose."""

import frappe
import pytest

from medgrid.issues import configuration
from medgrid.services import callers
from medgrid.services.callers import UNKNOWN, network_of


@pytest.mark.parametrize(
	("peer", "forwarded_for", "proxies", "network"),
	[
		pytest.param("203.0.113.7", None, 0, "203.0.113.7", id="no proxy"),
		pytest.param("203.0.113.7", "198.51.100.1", 0, "203.0.113.7", id="a forged header without a proxy"),
		pytest.param("127.0.0.1", "198.51.100.1", 1, "198.51.100.1", id="one proxy"),
		pytest.param(
			"127.0.0.1", "1.1.1.1, 2.2.2.2,198.51.100.1", 1, "198.51.100.1", id="a forged beginning"
		),
		pytest.param("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.9", 2, "198.51.100.1", id="two proxies"),
		pytest.param("127.0.0.1", "198.51.100.1", 3, "198.51.100.1", id="fewer entries than proxies"),
		pytest.param("127.0.0.1", None, 1, "127.0.0.1", id="a request from the machine itself"),
		pytest.param("127.0.0.1", " , ,", 1, "127.0.0.1", id="an empty header"),
		pytest.param("127.0.0.1", "1.1.1.1, nonsense", 1, UNKNOWN, id="a proxy that writes nonsense"),
		pytest.param("127.0.0.1", "198.51.100.1:4711", 1, "198.51.100.1", id="with a port"),
		pytest.param("127.0.0.1", "[2001:db8:1:2:3::4]:4711", 1, "2001:db8:1:2::/64", id="IPv6 with a port"),
		pytest.param("::1", "2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64", id="IPv6 counts by network"),
		pytest.param("::ffff:203.0.113.7", None, 0, "203.0.113.7", id="IPv4 that comes as IPv6"),
		pytest.param("127.0.0.1", "fe80::1%eth0", 1, "fe80::/64", id="with a zone"),
		pytest.param(None, None, 0, UNKNOWN, id="nothing known"),
		pytest.param("x" * 10_000, "y" * 10_000, 1, UNKNOWN, id="long nonsense"),
	],
)
def test_the_network_of_a_caller(peer, forwarded_for, proxies, network):
	assert network_of(peer, forwarded_for, proxies) == network


@pytest.fixture
def proxy_seen(site):
	"""Whether a proxy was seen; put back afterwards."""

	def remember(seen):
		frappe.cache.set(callers._proxy_key(), "1") if seen else frappe.cache.delete(callers._proxy_key())

	yield remember
	remember(False)


def open_issues():
	frappe.db.rollback()
	filters = {"issue_type": configuration.PROXIES.issue_type, "settled_at": ("is", "not set")}
	return frappe.get_all("Integration Issue", filters, pluck="what_to_do")


def test_a_proxy_that_the_settings_do_not_name_is_an_issue_until_they_do(no_proxy, proxy_seen):
	proxy_seen(True)
	configuration.check()
	[advice] = open_issues()
	assert "Trusted Proxies" in advice
	proxy_seen(False)
	configuration.check()
	assert open_issues() == []


def test_a_header_from_a_local_peer_is_how_a_proxy_is_seen(anonymous, no_proxy, proxy_seen):
	proxy_seen(False)
	anonymous.request(
		"GET", "/api/method/medgrid.integrations.shopify_callback", headers={"X-Forwarded-For": "203.0.113.7"}
	)
	assert callers.has_untrusted_proxy()
