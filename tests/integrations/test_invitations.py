"""Inviting vendors to the portal: user, role, row among the portal users, mail; and where they land."""

import re
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest
from frappe.utils.password import update_password

from medgrid.core.transactions import in_transaction
from tests.support import people, records
from tests.support.http import Caller, error, message
from tests.support.mails import mails_to
from tests.support.waiting import wait_for_jobs

RPC = "medgrid.integrations"
EMAIL = "mgt.invited@example.com"
LINK = re.compile(r"/update-password\?key=([\w-]+)")
OTHER = "mgt.invited.colleague@example.com"


@pytest.fixture
def supplier(site, environment, outgoing_mail):
	"""A Supplier; nobody has been invited yet."""
	name = f"MGT Invited {frappe.generate_hash(length=6)}"
	records.supplier(name)
	frappe.db.commit()
	forget_invited()
	yield name
	forget_invited()


def forget_invited() -> None:
	# A worker makes the user's Contact.
	wait_for_jobs()
	in_transaction(lambda: _forget(EMAIL, OTHER))


def _forget(*emails: str) -> None:
	for email in emails:
		frappe.db.delete("Portal User", {"user": email})
		frappe.db.delete("Email Queue Recipient", {"recipient": email})
		if frappe.db.exists("User", email):
			# Frappe lets nobody make more than 60 users an hour; a deleted one does not count.
			frappe.delete_doc("User", email, force=True, ignore_permissions=True)


def invite(manager, supplier: str, email: str = EMAIL, **more):
	return manager.post(f"{RPC}.invite_vendor", supplier=supplier, email=email, **more)


def portal_users(supplier: str) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all("Portal User", {"parent": supplier, "parenttype": "Supplier"}, pluck="user")


def test_an_invited_person_is_a_user_with_the_role_of_the_supplier_and_has_a_mail(manager, supplier):
	invited = message(invite(manager, supplier, " MGT.Invited@Example.com ", first_name="Ada"))
	assert invited["user"] == EMAIL
	assert (invited["state"], invited["mailed"]) == ("invited", True)
	assert portal_users(supplier) == [EMAIL]
	user = frappe.get_doc("User", EMAIL)
	assert (user.user_type, user.enabled, user.first_name) == ("Website User", 1, "Ada")
	assert "Supplier" in frappe.get_roles(EMAIL)
	[mail] = mails_to(EMAIL)
	assert LINK.search(mail)
	assert f"orders that {supplier} ships" in mail


def test_the_same_invitation_again_changes_nothing(manager, supplier):
	message(invite(manager, supplier))
	again = message(invite(manager, supplier))
	assert (again["state"], again["mailed"]) == ("invited", False)
	assert f"{EMAIL} was just sent a mail." in again["warnings"]
	assert portal_users(supplier) == [EMAIL]
	assert len(mails_to(EMAIL)) == 1


def test_who_has_not_signed_in_yet_gets_another_mail_later(manager, supplier):
	message(invite(manager, supplier))
	long_ago = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=-5)
	frappe.db.set_value("User", EMAIL, "last_reset_password_key_generated_on", long_ago)
	frappe.db.commit()
	assert message(invite(manager, supplier))["mailed"] is True
	assert portal_users(supplier) == [EMAIL]
	assert len(mails_to(EMAIL)) == 2


def test_two_clicks_at_once_make_one_row_and_one_mail(manager, supplier):
	with ThreadPoolExecutor(2) as pool:
		answers = list(pool.map(lambda _click: message(invite(manager, supplier)), range(2)))
	assert sorted(answer["mailed"] for answer in answers) == [False, True]
	assert portal_users(supplier) == [EMAIL]
	assert len(mails_to(EMAIL)) == 1


def test_a_colleague_is_invited_beside_the_first_one(manager, supplier):
	message(invite(manager, supplier))
	message(invite(manager, supplier, OTHER))
	assert portal_users(supplier) == [EMAIL, OTHER]


def test_a_customers_user_becomes_a_vendors_too(manager, supplier):
	buyer = people.person(EMAIL, "Customer")
	message(invite(manager, supplier))
	frappe.db.rollback()
	roles = frappe.get_all("Has Role", {"parent": buyer.email}, pluck="role")
	assert {"Customer", "Supplier"} <= set(roles)


def test_a_user_of_another_supplier_is_refused(manager, supplier, vendor):
	sentence = error(invite(manager, supplier, vendor.user.email), 417, "ValidationError")
	assert sentence.startswith(f"{vendor.user.email} is a portal user of {vendor.supplier}")
	assert portal_users(supplier) == []


def test_a_disabled_user_is_refused_and_stays_disabled(manager, supplier):
	people.person(EMAIL, "Supplier")
	people.change(EMAIL, enabled=0)
	sentence = error(invite(manager, supplier), 417, "ValidationError")
	assert sentence == f"The user {EMAIL} is disabled. Enable the user first."
	assert frappe.db.get_value("User", EMAIL, "enabled") == 0
	assert portal_users(supplier) == []


@pytest.mark.parametrize("email", ["mgt.manager@example.com", "mgt.rep@example.com"])
def test_who_works_in_desk_is_refused(manager, sales_rep, supplier, email):
	assert "works in Desk" in error(invite(manager, supplier, email), 417, "ValidationError")
	assert portal_users(supplier) == []


@pytest.mark.parametrize(
	"email",
	[
		"nobody",
		"@example.com",
		"a@b",
		"a b@example.com",
		"a@example.com, b@example.com",
		"a@example.com\nb@example.com",
		"Ada <a@example.com>",
		"<script>@example.com",
		"å@example.com",
		"x" * 70 + "@example.com",
		"Administrator",
		"Guest",
	],
)
def test_what_is_no_address_is_400(manager, supplier, email):
	assert "is not an e-mail address" in error(invite(manager, supplier, email), 400, "ValidationError")
	assert portal_users(supplier) == []


@pytest.mark.parametrize("email", ["", "  ", None, 7, ["a@example.com"]])
def test_a_missing_address_is_400(manager, supplier, email):
	assert "email" in error(invite(manager, supplier, email), 400, "ValidationError")


def test_an_unknown_supplier_is_404(manager, supplier):
	error(invite(manager, "MGT Nobody"), 404, "DoesNotExistError")
	assert not frappe.db.exists("User", EMAIL)


def test_a_disabled_supplier_is_417(manager, supplier):
	frappe.db.set_value("Supplier", supplier, "disabled", 1)
	frappe.db.commit()
	assert "is disabled" in error(invite(manager, supplier), 417, "ValidationError")
	assert not frappe.db.exists("User", EMAIL)


@pytest.mark.parametrize("rpc", ["invite_vendor", "invite_vendors", "list_invitations"])
def test_only_administrators_invite(vendor, customer, anonymous, supplier, rpc):
	arguments = {"supplier": supplier, "email": EMAIL, "suppliers": [supplier]}
	for caller in (vendor.caller, customer):
		error(caller.post(f"{RPC}.{rpc}", **arguments), 403, "PermissionError")
	error(anonymous.post(f"{RPC}.{rpc}", **arguments), 401, "AuthenticationError")


def test_items_without_this_default_supplier_are_warned_of(manager, supplier, vendor):
	[warning] = [
		each for each in message(invite(manager, supplier))["warnings"] if "default supplier" in each
	]
	assert warning.startswith(f"No Item names {supplier} as default supplier")
	listed = message(manager.get(f"{RPC}.list_invitations", supplier=vendor.supplier))
	assert listed["warnings"] == []


def test_who_accepted_is_shown(environment, manager, supplier):
	message(invite(manager, supplier))
	[user] = message(manager.get(f"{RPC}.list_invitations", supplier=supplier))["users"]
	assert (user["user"], user["state"], user["last_active"]) == (EMAIL, "invited", None)
	assert user["invited_at"]
	sign_in(environment, EMAIL)
	[user] = message(manager.get(f"{RPC}.list_invitations", supplier=supplier))["users"]
	assert (user["state"], bool(user["last_active"])) == ("accepted", True)
	assert message(invite(manager, supplier))["state"] == "accepted"
	people.change(EMAIL, enabled=0)
	[user] = message(manager.get(f"{RPC}.list_invitations", supplier=supplier))["users"]
	assert user["state"] == "disabled"


def test_a_list_of_suppliers_is_invited_and_each_failure_says_why(manager, supplier, vendor):
	frappe.db.set_value("Supplier", supplier, "email_id", EMAIL)
	frappe.db.commit()
	names = [supplier, vendor.supplier, "MGT Nobody", supplier]
	first, second, third = message(manager.post(f"{RPC}.invite_vendors", suppliers=names))["invitations"]
	assert (first["supplier"], first["user"], first["mailed"]) == (supplier, EMAIL, True)
	assert second["error"].startswith(f"{vendor.supplier} has no e-mail address.")
	assert third["error"] == "There is no Supplier MGT Nobody."
	assert portal_users(supplier) == [EMAIL]


@pytest.mark.parametrize("suppliers", [[], None, "not a list", [""], ["x"] * 51])
def test_what_is_no_list_of_suppliers_is_400(manager, suppliers):
	error(manager.post(f"{RPC}.invite_vendors", suppliers=suppliers), 400, "ValidationError")


# Where people land


def sign_in(environment, email: str, caller: Caller | None = None) -> dict:
	people.lock(email)
	update_password(email, people.PASSWORD)
	frappe.db.commit()
	caller = caller or Caller(environment)
	answer = caller.request("POST", "/api/method/login", json={"usr": email, "pwd": people.PASSWORD})
	assert answer.status_code == 200, answer.text
	return answer.json()


def test_people_without_desk_land_in_the_portal(environment, vendor, customer):
	for email in (vendor.user.email, people.customer().email):
		assert sign_in(environment, email)["home_page"] == "/portal"


def test_the_sites_first_page_is_the_portal(environment, vendor):
	caller = Caller(environment)
	caller.session.headers["Accept"] = "text/html"
	sign_in(environment, vendor.user.email, caller)
	page = caller.request("GET", "/")
	assert page.status_code == 200
	assert f'<body data-user="{vendor.user.email}">' in page.text


def test_without_an_account_for_mails_the_user_is_made_and_the_answer_says_so(manager, supplier):
	frappe.db.set_value(
		"Email Account", {"default_outgoing": 1}, {"default_outgoing": 0, "enable_outgoing": 0}
	)
	frappe.db.commit()
	frappe.clear_cache(doctype="Email Account")
	try:
		invited = message(invite(manager, supplier))
		assert invited["mailed"] is False
		assert any("Email Account for outgoing mail" in warning for warning in invited["warnings"])
		assert portal_users(supplier) == [EMAIL]
	finally:
		account = {"name": "MGT Outgoing"}
		frappe.db.set_value("Email Account", account, {"default_outgoing": 1, "enable_outgoing": 1})
		frappe.db.commit()
	assert message(invite(manager, supplier))["mailed"] is True


def test_people_with_desk_land_in_desk(environment, manager):
	home = sign_in(environment, "mgt.manager@example.com")["home_page"]
	assert home in ("/app", "/app/home", "desk", "/desk", "/apps")


def test_the_invitations_link_ends_in_the_portal(environment, manager, supplier):
	message(invite(manager, supplier))
	[mail] = mails_to(EMAIL)
	key = LINK.search(mail)[1]
	command = "frappe.core.doctype.user.user.update_password"
	answer = Caller(environment).request(
		"POST", f"/api/method/{command}", json={"key": key, "new_password": people.PASSWORD}
	)
	assert answer.json()["message"] == "/portal", answer.text
