"""Mails to a vendor's users about their connection: after the same time as the text message, to each once,
and to nobody who has turned them off."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest

from medgrid.core.clock import stored_utc, utc_now
from medgrid.integrations.notices import vendor_mails
from medgrid.issues.records import DOCTYPE
from medgrid.services import mail_choices
from tests.support import limits
from tests.support.http import error, message
from tests.support.mails import forget_mails_to, headers_to, mails_to, subjects_to
from tests.support.vendors import colleague_of
from tests.support.waiting import wait_for_jobs

BOSS = "mgt.boss@example.com"
LINK = re.compile(r"http\S+/portal/unsubscribe\?\S+")


@pytest.fixture
def vendor(connected, outgoing_mail):
	"""A vendor with a working ShipStation, and nobody has been mailed yet."""

	def forget() -> None:
		wait_for_jobs()
		frappe.db.rollback()
		frappe.db.set_value(DOCTYPE, {"name": ("is", "set")}, {"mail_administrators": 0, "mailed_at": None})
		frappe.db.commit()
		mail_choices.choose(connected.user.email, mails=True)
		frappe.db.commit()
		forget_mails_to(connected.user.email, BOSS)

	forget()
	frappe.db.set_single_value("Medgrid Settings", "mail_trouble_to", BOSS)
	frappe.db.commit()
	yield connected
	forget()
	frappe.db.set_single_value("Medgrid Settings", "mail_trouble_to", None)
	frappe.db.commit()


def fail(vendor) -> None:
	assert vendor.sync()["ok"] is False
	wait_for_jobs()


def breaks(vendor) -> None:
	"""The vendor's ShipStation does not take the key any more."""
	vendor.shipstation.add_account(vendor.api_key, "rotated")


def is_down(vendor) -> None:
	vendor.shipstation.fault("status", times=None, path="/accounts/listtags", status=503)


def test_rejected_keys_are_mailed_at_once_to_the_vendor_and_to_administrators(vendor):
	breaks(vendor)
	fail(vendor)
	assert subjects_to(vendor.user.email) == ["MedGrid: Your connection to ShipStation does not work"]
	for kind in ("html", "plain"):
		[text] = mails_to(vendor.user.email, kind)
		assert "ShipStation rejected the credentials" in text
		assert "Settings, Account, API Settings" in text
		assert "/portal/integrations" in text and "/portal/unsubscribe?" in text
		for secret in (vendor.api_key, vendor.api_secret):
			assert secret not in text
	assert subjects_to(BOSS) == ["MedGrid: ShipStation: a vendor's connection fails"]


def test_what_may_pass_by_itself_is_mailed_after_the_third_failure_and_once(vendor):
	is_down(vendor)
	for _failure in range(2):
		fail(vendor)
		assert subjects_to(vendor.user.email) == subjects_to(BOSS) == []
	for _failure in range(2):
		fail(vendor)
		assert len(subjects_to(vendor.user.email)) == len(subjects_to(BOSS)) == 1
	assert "You do not have to do anything" in mails_to(vendor.user.email)[0]


def test_fifteen_minutes_are_enough(vendor):
	is_down(vendor)
	fail(vendor)
	began = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=-16)
	issue = {"reference_name": vendor.connection(), "open_key": ("is", "set")}
	frappe.db.set_value(DOCTYPE, issue, "creation", began)
	frappe.db.commit()
	fail(vendor)
	assert len(subjects_to(vendor.user.email)) == 1


def test_each_user_of_the_vendor_gets_it_in_their_language(environment, vendor):
	colleague = colleague_of(environment, vendor)
	forget_mails_to(colleague.user.email)
	frappe.db.set_value("User", colleague.user.email, "language", "es")
	frappe.db.commit()
	try:
		breaks(vendor)
		fail(vendor)
		assert "Open it in MedGrid" in mails_to(vendor.user.email)[0]
		assert "Abrir en MedGrid" in mails_to(colleague.user.email)[0]
		assert subjects_to(colleague.user.email) == ["MedGrid: Su conexión con ShipStation no funciona"]
	finally:
		frappe.db.set_value("User", colleague.user.email, "language", None)
		frappe.db.commit()
		forget_mails_to(colleague.user.email)


def test_a_disabled_user_gets_none(environment, vendor):
	colleague = colleague_of(environment, vendor)
	forget_mails_to(colleague.user.email)
	frappe.db.set_value("User", colleague.user.email, "enabled", 0)
	frappe.db.commit()
	try:
		breaks(vendor)
		fail(vendor)
		assert len(subjects_to(vendor.user.email)) == 1
		assert subjects_to(colleague.user.email) == []
	finally:
		frappe.db.set_value("User", colleague.user.email, "enabled", 1)
		frappe.db.commit()


def test_a_failure_after_it_worked_again_is_mailed_when_the_six_hours_are_over(vendor):
	breaks(vendor)
	fail(vendor)
	vendor.shipstation.add_account(vendor.api_key, vendor.api_secret)
	vendor.stats()
	breaks(vendor)
	fail(vendor)
	assert len(subjects_to(vendor.user.email)) == 1
	long_ago = stored_utc(utc_now() - timedelta(hours=7))
	frappe.db.set_value(DOCTYPE, {"vendor_mailed_at": (">", "2000-01-01")}, "vendor_mailed_at", long_ago)
	frappe.db.commit()
	vendor_mails.send_to_vendors()
	assert len(subjects_to(vendor.user.email)) == 2


# Turning them off


def link_in_mail(vendor) -> dict[str, str]:
	breaks(vendor)
	fail(vendor)
	address = LINK.search(mails_to(vendor.user.email, "plain")[0])[0]
	return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_link_turns_them_off_without_signing_in_and_for_this_user_alone(environment, vendor, anonymous):
	link = link_in_mail(vendor)
	page = anonymous.request("GET", "/portal/unsubscribe", params=link)
	assert page.status_code == 200 and vendor.user.email in page.text
	assert mail_choices.wants_mails(vendor.user.email)
	for _click in range(2):
		assert message(anonymous.post("medgrid.account.unsubscribe", **link)) == {"mails": False}
	frappe.db.rollback()
	assert not mail_choices.wants_mails(vendor.user.email)
	colleague = colleague_of(environment, vendor)
	forget_mails_to(colleague.user.email)
	frappe.db.delete(DOCTYPE, {"reference_name": vendor.connection()})
	frappe.db.commit()
	fail(vendor)
	assert len(subjects_to(vendor.user.email)) == 1
	assert len(subjects_to(colleague.user.email)) == 1
	forget_mails_to(colleague.user.email)


def test_one_address_may_try_sixty_links_a_minute(vendor, anonymous):
	limits.use_up("unsubscribe", 60)
	link = {"user": vendor.user.email, "key": mail_choices.key_of(vendor.user.email)}
	answer = anonymous.post("medgrid.account.unsubscribe", **link)
	limits.lift()
	error(answer, 429, "RateLimitExceededError")
	assert int(answer.headers["Retry-After"]) >= 1
	frappe.db.rollback()
	assert mail_choices.wants_mails(vendor.user.email)


@pytest.mark.parametrize("change", [{"key": "0" * 32}, {"key": ""}, {"user": "Administrator"}, {"key": "é"}])
def test_a_link_of_somebody_else_turns_nothing_off(vendor, anonymous, change):
	link = {"user": vendor.user.email, "key": mail_choices.key_of(vendor.user.email), **change}
	answer = anonymous.post("medgrid.account.unsubscribe", **link)
	assert answer.status_code == 400
	frappe.db.rollback()
	assert mail_choices.wants_mails(vendor.user.email) and mail_choices.wants_mails("Administrator")


def test_a_user_turns_them_on_and_off(vendor):
	for wanted in (False, False, True, True):
		assert message(vendor.caller.post("medgrid.account.choose_mails", mails=wanted)) == {"mails": wanted}
		frappe.db.rollback()
		assert mail_choices.wants_mails(vendor.user.email) is wanted


def test_the_mail_program_can_turn_them_off_by_a_header_and_other_mails_have_none(vendor):
	breaks(vendor)
	fail(vendor)
	[header] = headers_to(vendor.user.email, "List-Unsubscribe")
	[body] = mails_to(vendor.user.email, "plain")
	assert header.startswith("<http") and header.endswith(">")
	assert header[1:-1] in body and mail_choices.link_of(vendor.user.email) == header[1:-1]
	assert headers_to(BOSS, "List-Unsubscribe") == [None]
	frappe.sendmail(recipients=[BOSS], subject="MGT: of somebody else", message="Hello")
	frappe.db.commit()
	assert headers_to(BOSS, "List-Unsubscribe") == [None, None]
