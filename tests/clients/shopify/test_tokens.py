"""Tokens that expire, and those that do not."""

import threading
import time
import traceback
from datetime import timedelta

import frappe
import pytest
from pydantic import SecretStr

from medgrid.clients.shopify.errors import AuthorizationRejected
from medgrid.clients.shopify.oauth import token_endpoint
from medgrid.clients.shopify.oauth.tokens import RefreshingTokens
from medgrid.core.clock import utc_now
from medgrid.core.waiting.request_time import deadline_in
from medgrid.http_client.errors import CredentialsRejected, ServiceUnavailable
from medgrid.integrations.connections import records
from medgrid.integrations.shopify.app import vendor_app
from medgrid.integrations.shopify.client import vendor_client
from medgrid.integrations.shopify.token_store import VendorTokenStore
from tests.support.http import message


def client_of(shop):
	connection = records.get(shop.connection().name)
	return vendor_client(connection, deadline=deadline_in(30))


def tokens_of(shop) -> RefreshingTokens:
	connection = records.get(shop.connection().name)
	app, url = vendor_app(), shop.control.base_url(shop.domain)
	return RefreshingTokens(
		VendorTokenStore(connection),
		lambda refresh_token: token_endpoint.refresh(app, url, refresh_token),
		frappe.cache,
		connection.name,
		deadline_in(30),
	)


def refreshes(shop) -> int:
	received = shop.control.received(shop.domain)
	return sum("access_token" in entry["path"] for entry in received) - 1


def expire_soon(shop, seconds: int = 60) -> None:
	"""As if the token were almost an hour old."""
	soon = utc_now().replace(tzinfo=None) + timedelta(seconds=seconds)
	frappe.db.set_value("Vendor Connection", shop.connection().name, "token_expires_at", soon)
	frappe.db.commit()


def test_a_token_that_is_good_for_long_is_used_as_it_is(connected_shop):
	assert client_of(connected_shop).execute("shop", cost=1)
	assert refreshes(connected_shop) == 0


def test_a_token_is_refreshed_before_it_expires_and_the_pair_is_stored(connected_shop):
	before = connected_shop.token(), connected_shop.token("refresh_token")
	expire_soon(connected_shop)
	assert client_of(connected_shop).execute("shop", cost=1)
	after = connected_shop.token(), connected_shop.token("refresh_token")
	assert before[0] != after[0] and before[1] != after[1]
	assert refreshes(connected_shop) == 1
	assert client_of(connected_shop).execute("shop", cost=1)
	assert refreshes(connected_shop) == 1


def test_a_token_that_ended_before_its_time_is_refreshed_and_the_request_repeated(connected_shop):
	connected_shop.control.expire_tokens(connected_shop.domain)
	assert client_of(connected_shop).execute("shop", cost=1)
	assert refreshes(connected_shop) == 1


def test_a_refresh_stays_and_its_caller_s_changes_are_neither_committed_nor_undone(connected_shop):
	expire_soon(connected_shop)
	client, before = client_of(connected_shop), connected_shop.token()
	todo = frappe.get_doc({"doctype": "ToDo", "description": "not committed"}).insert(ignore_permissions=True)
	assert client.execute("shop", cost=1)
	assert frappe.db.exists("ToDo", todo.name)
	frappe.db.rollback()
	assert not frappe.db.exists("ToDo", todo.name)
	assert connected_shop.token() != before
	assert refreshes(connected_shop) == 1


def test_workers_side_by_side_refresh_once(connected_shop):
	expire_soon(connected_shop)
	store = _Stored(tokens_of(connected_shop).store.load())
	app, url = vendor_app(), connected_shop.control.base_url(connected_shop.domain)
	got = []

	def work():
		tokens = RefreshingTokens(
			store,
			lambda refresh_token: token_endpoint.refresh(app, url, refresh_token),
			cache,
			"mgt-once",
			deadline_in(30),
		)
		got.append(tokens.current().get_secret_value())

	cache = frappe.cache
	threads = [threading.Thread(target=work) for _number in range(5)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert len(got) == 5
	assert len(set(got)) == 1
	assert refreshes(connected_shop) == 1


class _Stored:
	"""A store that several threads may use; the database's connection is one thread's own."""

	def __init__(self, pair):
		self.pair = pair

	def load(self):
		return self.pair

	def save(self, pair, replacing):
		time.sleep(0.2)
		self.pair = pair
		return pair


def test_a_worker_that_died_after_shopifys_answer_loses_nothing(connected_shop):
	expire_soon(connected_shop)

	def refresh_and_die(refresh_token: SecretStr):
		token_endpoint.refresh(
			vendor_app(), connected_shop.control.base_url(connected_shop.domain), refresh_token
		)
		raise KeyboardInterrupt

	tokens = tokens_of(connected_shop)
	tokens.refresh = refresh_and_die
	with pytest.raises(KeyboardInterrupt):
		tokens.current()
	assert client_of(connected_shop).execute("shop", cost=1)


def test_while_shopify_cannot_refresh_a_token_that_still_works_is_used(connected_shop):
	expire_soon(connected_shop)
	connected_shop.control.fault("status", status=503, path="*/access_token", times=None)
	token = connected_shop.token()
	assert tokens_of(connected_shop).current().get_secret_value() == token


def test_an_expired_token_that_cannot_be_refreshed_now_is_a_passing_failure(connected_shop):
	expire_soon(connected_shop, seconds=-1)
	connected_shop.control.fault("status", status=503, path="*/access_token", times=None)
	with pytest.raises(ServiceUnavailable):
		tokens_of(connected_shop).current()


def test_a_refresh_token_that_is_not_good_any_more_says_reconnect(connected_shop):
	expire_soon(connected_shop, seconds=-1)
	connected_shop.control.revoke_token(connected_shop.domain)
	with pytest.raises(AuthorizationRejected):
		tokens_of(connected_shop).current()


def test_after_a_disconnect_no_token_comes_back(connected_shop):
	tokens = tokens_of(connected_shop)
	expire_soon(connected_shop)
	refresh = tokens.refresh

	def refresh_while_the_vendor_disconnects(refresh_token):
		pair = refresh(refresh_token)
		message(connected_shop.caller.post("medgrid.integrations.disconnect", integration_type="shopify"))
		return pair

	tokens.refresh = refresh_while_the_vendor_disconnects
	with pytest.raises(CredentialsRejected):
		tokens.current()
	assert connected_shop.token() is None
	assert connected_shop.entry()["has_credentials"] is False


def test_a_token_that_does_not_expire_works_as_well(connected_shop):
	from frappe.utils.password import remove_encrypted_password, set_encrypted_password

	control, name = connected_shop.control, connected_shop.connection().name
	scopes = ["read_products", "read_inventory"]
	token = control.issue_token(connected_shop.domain, scopes, "mgt-client-id")
	set_encrypted_password("Vendor Connection", name, token, "access_token")
	remove_encrypted_password("Vendor Connection", name, "refresh_token")
	frappe.db.set_value("Vendor Connection", name, {"refresh_token": None, "token_expires_at": None})
	frappe.db.commit()
	assert connected_shop.test() == {"ok": True, "error": None}
	control.revoke_token(connected_shop.domain, token)
	answer = connected_shop.test()
	assert answer["ok"] is False
	assert "Disconnect and connect the store again" in answer["error"]
	assert connected_shop.entry()["status"] == "error"


def test_a_token_that_shopify_ended_early_is_no_reason_to_reconnect_while_refreshing_fails(connected_shop):
	connected_shop.control.expire_tokens(connected_shop.domain)
	connected_shop.control.fault("status", status=503, path="*/access_token", times=None)
	with pytest.raises(ServiceUnavailable):
		client_of(connected_shop).execute("shop", cost=1)


@pytest.mark.parametrize("kind", ["too_many", "malformed"])
def test_no_passing_failure_of_refreshing_stops_a_token_that_still_works(connected_shop, kind):
	expire_soon(connected_shop)
	connected_shop.control.fault(kind, path="*/access_token", times=None)
	assert client_of(connected_shop).execute("shop", cost=1)


def test_a_slower_worker_does_not_replace_what_a_faster_one_stored(connected_shop):
	slow, fast = tokens_of(connected_shop), tokens_of(connected_shop)
	old = slow.store.load()
	url = connected_shop.control.base_url(connected_shop.domain)
	first, second = (token_endpoint.refresh(vendor_app(), url, old.refresh_token) for _number in range(2))
	assert fast.store.save(first, replacing=old) == first
	assert slow.store.save(second, replacing=old).access_token == first.access_token
	assert connected_shop.token() == first.access_token.get_secret_value()


def test_no_secret_of_the_token_endpoint_is_in_a_traceback(connected_shop):
	connected_shop.control.fault("drop_after", path="*/access_token", times=None)
	secrets = (connected_shop.token("refresh_token"), "mgt-client-secret-5f1c")
	tokens = tokens_of(connected_shop)
	expire_soon(connected_shop, seconds=-1)
	with pytest.raises(ServiceUnavailable) as caught:
		tokens.current()
	chain = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
	frames = "".join(line for line in chain.format() if "test_tokens.py" not in line)
	assert all(secret not in frames for secret in secrets)
