"""A user's own API keys, over HTTP. Contract: "Generate API Credentials"."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import people
from tests.support.http import Caller, Person, error, message


@pytest.fixture
def signed_in(environment):
	"""A portal user without keys, signed in by password."""
	user = people.keyless()
	caller = Caller(environment)
	caller.sign_in(user)
	return caller


def with_keys(environment, user, keys):
	return Caller(environment, Person(user.email, user.password, keys["api_key"], keys["api_secret"]))


def test_before_generating_there_are_no_keys(signed_in):
	assert message(signed_in.get("medgrid.account.api_access")) == {"has_keys": False, "api_key": None}


def test_generated_keys_authenticate(environment, signed_in):
	keys = message(signed_in.post("medgrid.account.generate_keys"))
	assert sorted(keys) == ["api_key", "api_secret"]
	caller = with_keys(environment, signed_in.user, keys)
	assert message(caller.get("frappe.auth.get_logged_user")) == signed_in.user.email


def test_the_secret_survives_a_change_of_the_user(environment, signed_in):
	import frappe

	keys = message(signed_in.post("medgrid.account.generate_keys"))
	people.lock(signed_in.user.email)
	user = frappe.get_doc("User", signed_in.user.email)
	user.first_name = "Another Name"
	user.save()
	frappe.db.commit()
	assert message(with_keys(environment, signed_in.user, keys).get("medgrid.account.api_access"))["has_keys"]


def test_the_secret_is_shown_only_once(signed_in):
	keys = message(signed_in.post("medgrid.account.generate_keys"))
	answer = signed_in.get("medgrid.account.api_access")
	assert message(answer) == {"has_keys": True, "api_key": keys["api_key"]}
	assert keys["api_secret"] not in answer.text


def test_regenerating_invalidates_the_old_secret_and_keeps_the_key(environment, signed_in):
	old = message(signed_in.post("medgrid.account.generate_keys"))
	new = message(signed_in.post("medgrid.account.generate_keys"))
	assert new["api_key"] == old["api_key"]
	assert new["api_secret"] != old["api_secret"]
	stale = with_keys(environment, signed_in.user, old)
	error(stale.get("medgrid.account.api_access"), 401, "AuthenticationError")
	assert message(with_keys(environment, signed_in.user, new).get("medgrid.account.api_access"))


def test_of_two_clicks_at_once_one_secret_is_valid(environment, signed_in):
	with ThreadPoolExecutor(2) as pool:
		clicks = [pool.submit(signed_in.post, "medgrid.account.generate_keys") for _click in range(2)]
		answers = [message(click.result()) for click in clicks]
	assert answers[0]["api_key"] == answers[1]["api_key"]
	accepted = [
		with_keys(environment, signed_in.user, keys).get("medgrid.account.api_access").status_code
		for keys in answers
	]
	assert sorted(accepted) == [200, 401]


def test_revoked_keys_stop_working_and_revoking_twice_is_fine(environment, signed_in):
	keys = message(signed_in.post("medgrid.account.generate_keys"))
	for _time in range(2):
		assert message(signed_in.post("medgrid.account.revoke_keys")) == {"has_keys": False, "api_key": None}
	stale = with_keys(environment, signed_in.user, keys)
	error(stale.get("medgrid.account.api_access"), 401, "AuthenticationError")


@pytest.mark.parametrize("endpoint", ["generate_keys", "revoke_keys"])
def test_changing_keys_needs_post_and_a_signed_in_user(anonymous, customer, endpoint):
	error(anonymous.post(f"medgrid.account.{endpoint}"), 401, "AuthenticationError")
	error(customer.get(f"medgrid.account.{endpoint}"), 405, "WrongVerbError")
	assert message(customer.get("medgrid.account.api_access"))["has_keys"] is True


def test_nobody_can_name_another_user(environment, signed_in, customer):
	message(signed_in.post("medgrid.account.generate_keys", user=customer.user.email))
	assert message(customer.get("medgrid.account.api_access"))["api_key"] == customer.user.api_key


def test_a_secret_that_the_site_cannot_decrypt_breaks_no_page(signed_in):
	"""A site restored with another encryption key."""
	import frappe

	keys = message(signed_in.post("medgrid.account.generate_keys"))
	frappe.db.rollback()
	table = frappe.qb.Table("__Auth")
	frappe.qb.update(table).set(table.password, "undecipherable").where(
		(table.doctype == "User") & (table.name == signed_in.user.email)
	).where(table.fieldname == "api_secret").run()
	frappe.db.commit()
	answer = message(signed_in.get("medgrid.account.api_access"))
	assert answer == {"has_keys": True, "api_key": keys["api_key"]}
