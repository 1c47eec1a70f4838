"""`list_accounts`, over HTTP: which accounts are connected, and what became of their last syncs."""

import secrets

import frappe

from tests.support.http import message
from tests.support.runs import Worker
from tests.support.vendors import colleague_of, order

RPC = "medgrid.integrations."


def accounts_of(vendor) -> list[dict]:
	listed = message(vendor.caller.get(f"{RPC}list_accounts"))
	assert listed["user"] == vendor.user.email
	return [account for account in listed["accounts"] if account["id"] == "shipstation"]


def test_an_account_says_which_it_is_since_when_and_by_whom(connected):
	[account] = accounts_of(connected)
	assert account["account"] == "default"
	assert account["connected_as"] == f"…{connected.api_key[-4:]}"
	assert account["connected_by"] == connected.user.email
	now = frappe.utils.get_datetime(frappe.utils.now_datetime())
	assert len(account["connected_at"]) == 19 and str(now.year) in account["connected_at"]
	assert account["syncs"] == []
	# What the contract says of a connection is in it as it stands there.
	assert account.items() >= connected.entry().items()


def test_no_secret_no_fingerprint_and_no_document_name_is_in_it(connected):
	text = connected.caller.get(f"{RPC}list_accounts").text
	fingerprint = frappe.db.get_value("Vendor Connection", connected.connection(), "account")
	for private in (connected.api_key, connected.api_secret, connected.connection(), fingerprint):
		assert private not in text


def test_the_end_of_a_short_key_is_not_shown(vendor):
	vendor.shipstation.add_account("k-123456789", "s")
	assert vendor.connect(api_key="k-123456789", api_secret="s")["ok"]
	assert accounts_of(vendor)[0]["connected_as"] is None


def test_all_accounts_are_listed_the_first_one_first(connected, environment):
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	connected.shipstation.add_account(key, secret)
	colleague = colleague_of(environment, connected)
	assert colleague.connect(api_key=key, api_secret=secret, account="Europe")["ok"]
	first, second = accounts_of(connected)
	assert (first["account"], second["account"]) == ("default", "Europe")
	assert (second["connected_as"], second["connected_by"]) == (f"…{key[-4:]}", colleague.user.email)


def test_nobody_sees_another_vendors_accounts(connected, other_vendor, anonymous):
	assert accounts_of(other_vendor) == []
	assert anonymous.get(f"{RPC}list_accounts").status_code == 401


def test_each_sync_says_what_it_did_or_why_it_failed(connected):
	order((connected.item, 1, 10))
	order((connected.item, 1, 10), address=False)
	connected.sync()
	connected.sync()
	connected.shipstation.add_account(connected.api_key, "rotated")
	connected.sync()
	Worker(connected.connection())
	message(connected.caller.post(f"{RPC}pause", integration_type="shipstation"))
	stopped, failed, second, first = accounts_of(connected)[0]["syncs"]
	assert (first["outcome"], first["sentence"]) == ("succeeded", "Orders sent: 1. Failed or cancelled: 1.")
	assert first["started"] <= first["finished"]
	assert (second["outcome"], second["sentence"]) == ("succeeded", "Failed or cancelled: 1.")
	assert (failed["outcome"], failed["sentence"][:25]) == ("failed", "Invalid API Key or Secret")
	assert (stopped["outcome"], stopped["sentence"][:14]) == ("stopped", "It was stopped")


def test_the_last_ten_are_enough(connected):
	for _turn in range(12):
		worker = Worker(connected.connection())
		worker.finish(error=None, warning=None, done={})
	syncs = accounts_of(connected)[0]["syncs"]
	assert [sync["sentence"] for sync in syncs] == ["There was nothing new."] * 10
	assert syncs == sorted(syncs, key=lambda sync: sync["started"], reverse=True)


def test_a_disconnected_account_says_nothing_of_who_had_it(connected):
	message(connected.caller.post(f"{RPC}disconnect", integration_type="shipstation"))
	[account] = accounts_of(connected)
	assert [account[name] for name in ("connected_as", "connected_at", "connected_by")] == [None] * 3
