"""The token that all workers share, on the Vertex Merchant."""

from datetime import timedelta

import frappe
from pydantic import SecretStr

from medgrid.clients.vertex.access_tokens import AccessToken
from medgrid.core.clock import utc_now
from medgrid.core.waiting.patience import Patience
from medgrid.vertex.merchants.vertex_tokens import MerchantTokens


def token(value: str) -> AccessToken:
	return AccessToken(SecretStr(value), utc_now().replace(microsecond=0) + timedelta(hours=1))


def tokens_of(shop) -> MerchantTokens:
	merchant = shop.document()
	return MerchantTokens(merchant.name, (merchant.client_id, merchant.deployment, merchant.host or None))


def test_a_token_outlives_the_transaction_in_which_it_was_requested(complete_shop):
	store = tokens_of(complete_shop)
	store.save(token("a-token-of-the-tests"))
	frappe.db.rollback()
	assert store.load().value.get_secret_value() == "a-token-of-the-tests"


def test_saving_a_token_commits_nothing_of_the_callers(complete_shop):
	store = tokens_of(complete_shop)
	frappe.db.set_value("Vertex Merchant", store.merchant, "modified", frappe.utils.now())
	frappe.db.rollback()
	note = frappe.get_doc({"doctype": "ToDo", "description": "not committed"}).insert()
	store.save(token("another-token-of-the-tests"))
	frappe.db.rollback()
	assert not frappe.db.exists("ToDo", note.name)


def test_the_latest_token_is_another_workers_even_in_an_old_snapshot(complete_shop):
	store = tokens_of(complete_shop)
	store.save(token("first-token-of-the-tests"))
	frappe.db.rollback()
	assert store.load().value.get_secret_value() == "first-token-of-the-tests"
	store.save(token("second-token-of-the-tests"))
	assert store.load_latest().value.get_secret_value() == "second-token-of-the-tests"


def test_a_token_of_other_credentials_is_neither_stored_nor_used(complete_shop):
	store = tokens_of(complete_shop)
	stale = MerchantTokens(store.merchant, ("another-client", "Cloud", None))
	stale.save(token("a-stale-token-of-the-tests"))
	frappe.db.rollback()
	assert stale.load() is None
	assert store.load().value.get_secret_value() != "a-stale-token-of-the-tests"


def test_who_has_waited_enough_does_not_wait_for_another_workers_token(complete_shop):
	store, caller = tokens_of(complete_shop), Patience(waiting=0)
	with store.lock(1, Patience()) as acquired, store.lock(60, caller) as acquired_too:
		assert (acquired, acquired_too) == (True, False)
	assert caller.waited == 0
	with store.lock(60, caller) as acquired:
		assert acquired, "a lock that nobody has needs no patience"
