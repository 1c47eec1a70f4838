"""Basic credentials of a merchant: they open `medgrid.vertex.*`, and nothing else."""

import re

import frappe
import pytest

from medgrid.vertex.access import attempts
from tests.support import limits
from tests.support.connector import forget_limits, issue, with_basic
from tests.support.http import message


def test_the_pair_has_the_contracts_form(complete_shop):
	username, password = complete_shop.basic()
	assert re.fullmatch(r"shopify-[a-z0-9]{12}", username)
	assert re.fullmatch(r"[A-Za-z0-9]{20}", password)


def test_a_new_password_replaces_the_old_one_and_the_name_stays(environment, complete_shop):
	username, password = complete_shop.basic()
	old = with_basic(environment, username, password)
	assert old.get("medgrid.vertex.shopify_onboarding").status_code == 200
	again, other = complete_shop.basic()
	assert (again == username, other == password) == (True, False)
	issue(old.get("medgrid.vertex.shopify_onboarding"), 401)
	assert with_basic(environment, again, other).get("medgrid.vertex.shopify_onboarding").status_code == 200


def test_a_wrong_password_is_401(environment, complete_shop):
	username, password = complete_shop.basic()
	for wrong in (password[:-1], password + "x", "", "x" * 20):
		issue(with_basic(environment, username, wrong).get("medgrid.vertex.shopify_onboarding"), 401)


@pytest.mark.parametrize(
	"path",
	[
		"/api/method/medgrid.catalog.list_warehouses",
		"/api/method/medgrid.account.api_access",
		"/api/method/frappe.auth.get_logged_user",
		"/api/method/ping",
		"/api/resource/User",
		"/api/resource/Vertex Merchant",
		"/api/v2/document/User",
		"/api/method/logout",
		"/?cmd=frappe.auth.get_logged_user",
	],
)
def test_every_other_address_is_403(complete_shop, path):
	merchant = complete_shop.merchant()
	assert merchant.request("GET", path).status_code == 403


def test_the_user_has_one_role_and_no_password(complete_shop):
	complete_shop.basic()
	user = frappe.get_doc("User", complete_shop.document().user)
	assert re.fullmatch(r"vertex-[a-z0-9]{10}@medgrid\.invalid", user.name)
	assert user.user_type == "Website User"
	assert [row.role for row in user.roles] == ["Vertex Merchant"]
	auth = frappe.qb.Table("__Auth")
	stored = frappe.qb.from_(auth).select(auth.fieldname).where(auth.name == user.name).run(pluck=True)
	assert stored == ["api_secret"]


def test_many_merchants_do_not_count_as_sign_ups(site, new_merchant):
	"""Frappe limits new users to 60 an hour."""
	before = frappe.db.get_creation_count("User", 60)
	shop = new_merchant()
	shop.install()
	shop.basic()
	site.db.rollback()
	assert frappe.db.get_creation_count("User", 60) == before + 1
	frappe.local.conf["throttle_user_limit"] = 0
	try:
		from medgrid.vertex.access import api_users

		assert api_users.add_merchant_user("Test").startswith("vertex-")
	finally:
		del frappe.local.conf["throttle_user_limit"]
		site.db.rollback()


def test_300_wrong_attempts_a_minute_are_followed_by_429(environment, complete_shop):
	username, password = complete_shop.basic()
	good = with_basic(environment, username, password)
	try:
		wrong = with_basic(environment, username, "x" * 20)
		limits.use_up(attempts.WRONG_CREDENTIALS.name, attempts.WRONG_CREDENTIALS.times - 2)
		for _number in range(2):
			assert wrong.get("medgrid.vertex.shopify_onboarding").status_code == 401
		for caller in (wrong, good):
			answer = caller.get("medgrid.vertex.shopify_onboarding")
			assert issue(answer, 429)["title"] == "Too Many Requests"
			assert 0 < int(answer.headers["Retry-After"]) <= 60
	finally:
		forget_limits()
	assert message(good.get("medgrid.vertex.shopify_onboarding"))["onboarding"] == "complete"
