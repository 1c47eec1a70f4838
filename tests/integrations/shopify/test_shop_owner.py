"""A shop belongs to one Supplier, over HTTP against the simulated Shopify.

Contract: "shopify_start_install", "shopify_callback"; 417 is "Business rule violation".
"""

from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from medgrid.integrations.shopify import installation, shop_owner
from tests.support.http import Caller, error, message
from tests.support.shops import VendorShop

TAKEN = "is already connected by another Supplier"
START = "medgrid.integrations.shopify_start_install"


@pytest.fixture
def rival(shop, other_vendor, anonymous) -> VendorShop:
	"""Another Supplier, who means the same shop."""
	return VendorShop(shop.domain, shop.control, other_vendor, anonymous)


def issues(shop, **filters) -> list:
	frappe.db.rollback()
	filters = {"issue_type": "shopify/claimed_shop", "related_to": shop.domain, **filters}
	fields = ["name", "detail", "what_to_do", "who_acts", "attempts", "settled_at"]
	return frappe.get_all("Integration Issue", filters=filters, fields=fields)


def notifications(issue: str) -> list[str]:
	return frappe.get_all("Notification Log", {"document_name": issue}, pluck="for_user")


def test_a_second_supplier_cannot_begin_and_administrators_are_notified(shop, rival, manager):
	shop.connect()
	sentence = error(rival.caller.post(START, shop_domain=shop.domain), 417, "ValidationError")
	assert sentence.startswith(f"{shop.domain} {TAKEN}")
	assert shop.vendor.supplier not in sentence
	[issue] = issues(shop)
	assert issue.detail == (
		f"{rival.vendor.supplier} tried to connect the store {shop.domain}, which is connected by "
		f"{shop.vendor.supplier}."
	)
	assert (issue.who_acts, issue.settled_at) == ("Administrator", None)
	assert manager.user.email in notifications(issue.name)
	assert shop.test() == {"ok": True, "error": None}


def test_trying_again_is_one_issue_and_one_notification(shop, rival, manager):
	shop.connect()
	for _attempt in range(3):
		error(rival.caller.post(START, shop_domain=shop.domain), 417, "ValidationError")
	[issue] = issues(shop)
	assert issue.attempts == 3
	assert notifications(issue.name).count(manager.user.email) == 1


def test_a_second_supplier_who_began_before_cannot_finish(shop, rival):
	path = rival.approve()
	shop.connect()
	assert TAKEN in error(rival.callback(path), 417, "ValidationError")
	assert rival.entry()["status"] == "not_connected"
	assert not rival.entry()["has_credentials"]
	assert len(issues(shop)) == 1
	assert shop.test() == {"ok": True, "error": None}


def test_a_browser_hears_why(shop, rival):
	path = rival.approve()
	shop.connect()
	answer = rival.browser().open(path)
	assert answer.headers["Location"].endswith("/portal/integrations?shopify=error&reason=taken")


def test_of_two_suppliers_at_once_one_connects_the_shop(shop, rival):
	for _round in range(3):
		paths = [(each, each.approve()) for each in (shop, rival)]
		with ThreadPoolExecutor(2) as pool:
			answers = list(
				pool.map(lambda pair: Caller(pair[0].caller.environment).request("GET", pair[1]), paths)
			)
		assert sorted(answer.status_code for answer in answers) == [200, 417], [each.text for each in answers]
		connected = [each for each in (shop, rival) if each.entry()["status"] == "connected"]
		assert len(connected) == 1
		message(connected[0].caller.post("medgrid.integrations.disconnect", integration_type="shopify"))


def test_the_lock_holds_where_both_have_passed_the_first_check(shop, rival, monkeypatch):
	"""Both passed it before either stored anything; what is stored is checked again, with a lock."""
	rival_path = rival.approve()
	shop.connect()
	monkeypatch.setattr(installation, "_check_owner", lambda shop, supplier, account_name: None)
	monkeypatch.setattr(frappe.local, "request", None, raising=False)
	query = rival_path.partition("?")[2]
	visitor = installation.Visitor(None, is_browser=False)
	with pytest.raises(shop_owner.ShopTaken):
		installation.finish_install(query, visitor)
	frappe.db.rollback()
	assert rival.entry()["status"] == "not_connected"
	assert len(issues(shop)) == 1


def test_another_user_of_the_same_supplier_connects_it_again(shop, colleague):
	shop.connect()
	name = shop.connection().name
	assert colleague.connect()["ok"] is True
	assert shop.test() == colleague.test() == {"ok": True, "error": None}
	assert shop.connection().name == name
	assert issues(shop) == []


def test_a_supplier_cannot_connect_one_shop_as_two_accounts(shop):
	shop.connect()
	sentence = error(
		shop.caller.post(START, shop_domain=shop.domain, account="Europe"), 417, "ValidationError"
	)
	assert sentence == f"{shop.domain} is already connected, as the account default."
	assert issues(shop) == []


def test_whoever_has_it_connects_it_again(shop):
	shop.connect()
	assert shop.connect()["ok"] is True


def test_a_shop_that_was_given_up_is_free_and_the_issue_settled(shop, rival):
	shop.connect()
	error(rival.caller.post(START, shop_domain=shop.domain), 417, "ValidationError")
	message(shop.caller.post("medgrid.integrations.disconnect", integration_type="shopify"))
	assert rival.connect()["ok"] is True
	[issue] = issues(shop)
	assert issue.settled_at


def test_an_administrator_frees_it_by_deleting_the_connection(shop, rival, manager):
	shop.connect()
	error(rival.caller.post(START, shop_domain=shop.domain), 417, "ValidationError")
	name = shop.connection().name
	assert manager.request("DELETE", f"/api/resource/Vendor Connection/{name}").status_code == 202
	assert rival.connect()["ok"] is True
	assert [bool(issue.settled_at) for issue in issues(shop)] == [True]


def test_a_user_who_leaves_does_not_free_the_suppliers_shop(shop, rival):
	shop.connect()
	frappe.db.delete("Portal User", {"user": shop.user.email})
	frappe.db.commit()
	assert TAKEN in error(rival.caller.post(START, shop_domain=shop.domain), 417, "ValidationError")


def test_who_belongs_to_no_supplier_begins_nothing(shop, customer):
	sentence = error(customer.post(START, shop_domain=shop.domain), 417, "ValidationError")
	assert sentence.startswith("Your user belongs to no Supplier.")
