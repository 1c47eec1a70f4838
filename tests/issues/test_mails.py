"""Mails about issues to administrators: who gets one, once for each issue, and what is in it."""

from datetime import timedelta

import frappe
import pytest

from medgrid.core.clock import stored_utc, utc_now
from medgrid.issues import mails
from medgrid.issues.records import (
	ADMINISTRATOR,
	DOCTYPE,
	VENDOR,
	WHOLESALER,
	Subject,
	open_issue,
	settle_issue,
)
from tests.support import people
from tests.support.mails import forget_mails_to, mails_to, subjects_to
from tests.support.rows import delete_rows
from tests.support.waiting import wait_for_jobs

BOSS, GERMAN = "mgt.boss@example.com", "mgt.german.boss@example.com"
SUBJECT = Subject("mgt", "mail", related_to="one")
HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }}\r\nBcc: mgt.other@example.com"


@pytest.fixture(autouse=True)
def told(site, outgoing_mail):
	"""Two addresses get the mails; nobody knows of anything yet."""

	def forget() -> None:
		frappe.db.rollback()
		delete_rows((DOCTYPE, {"integration": "mgt"}), ("Notification Log", {"subject": ("like", "MGT%")}))
		# Other tests' issues are not mailed here, and their mails do not postpone these.
		frappe.db.set_value(DOCTYPE, {"name": ("is", "set")}, {"mail_administrators": 0, "mailed_at": None})
		frappe.db.commit()
		forget_mails_to(BOSS, GERMAN)

	wait_for_jobs()
	forget()
	settle_who_is_told(f"{BOSS}\n{GERMAN}")
	yield
	wait_for_jobs()
	forget()
	settle_who_is_told(None)


def settle_who_is_told(text: str | None) -> None:
	frappe.db.set_single_value("Medgrid Settings", "mail_trouble_to", text)
	frappe.db.commit()


def open_one(related_to="one", who_acts=ADMINISTRATOR, title="MGT: it fails", **more):
	subject = Subject("mgt", "mail", related_to=related_to)
	values = {"title": title, "detail": "It is away.", "what_to_do": "Bring it back.", **more}
	issue = open_issue(subject, who_acts=who_acts, **values)
	frappe.db.commit()
	return issue.name


def state(name: str):
	frappe.db.rollback()
	return frappe.db.get_value(DOCTYPE, name, ["mailed_at", "mail_problem"], as_dict=True)


def pass_time(**fields) -> None:
	"""The mails so far went out so long ago."""
	frappe.db.rollback()
	frappe.db.set_value(
		DOCTYPE, {"mailed_at": (">", "2000-01-01")}, "mailed_at", stored_utc(utc_now() - timedelta(**fields))
	)
	frappe.db.commit()


def test_an_issue_of_the_administrators_is_mailed_by_a_worker_at_once(told):
	name = open_one()
	wait_for_jobs()
	for address in (BOSS, GERMAN):
		assert subjects_to(address) == ["MedGrid: MGT: it fails"]
	[html], [plain] = mails_to(BOSS), mails_to(BOSS, "plain")
	for text in (html, plain):
		assert "It is away." in text and "Bring it back." in text
		assert f"/integration-issue/{name}" in text
	assert state(name).mailed_at and not state(name).mail_problem


@pytest.mark.parametrize("who_acts", [VENDOR, WHOLESALER])
def test_what_others_must_do_is_not_mailed(told, who_acts):
	open_one(who_acts=who_acts)
	mails.send_to_administrators()
	assert subjects_to(BOSS) == []


def test_whoever_sees_a_failure_anyway_gets_no_mail(told):
	open_one(notify=False)
	mails.send_to_administrators()
	assert subjects_to(BOSS) == []


def test_the_same_failure_again_is_no_second_mail(told):
	open_one()
	mails.send_to_administrators()
	pass_time(days=2)
	open_one()
	mails.send_to_administrators()
	assert len(subjects_to(BOSS)) == 1


def test_a_storm_is_one_mail_now_and_one_with_the_rest_after_the_pause(told):
	open_one("first")
	mails.send_to_administrators()
	for number in range(5):
		open_one(f"later {number}", title=f"MGT: fails {number}")
	mails.send_to_administrators()
	assert len(subjects_to(BOSS)) == 1
	pass_time(minutes=11)
	mails.send_to_administrators()
	assert subjects_to(BOSS)[1:] == ["MedGrid: 5 new issues"]
	for number in range(5):
		assert f"MGT: fails {number}" in mails_to(BOSS)[1]


def test_what_is_settled_before_its_mail_is_in_none(told):
	open_one("first")
	mails.send_to_administrators()
	open_one()
	settle_issue(SUBJECT)
	frappe.db.commit()
	pass_time(minutes=11)
	mails.send_to_administrators()
	assert len(subjects_to(BOSS)) == 1


def test_trouble_that_comes_back_is_mailed_again_after_six_hours_if_it_is_still_there(told):
	open_one()
	mails.send_to_administrators()
	settle_issue(SUBJECT)
	frappe.db.commit()
	pass_time(hours=5)
	open_one()
	mails.send_to_administrators()
	assert len(subjects_to(BOSS)) == 1
	pass_time(hours=7)
	mails.send_to_administrators()
	assert len(subjects_to(BOSS)) == 2


def test_a_mail_is_in_its_readers_language(told):
	people.person(GERMAN, "Customer")
	frappe.db.set_value("User", GERMAN, "language", "de")
	frappe.db.commit()
	try:
		open_one()
		mails.send_to_administrators()
		for kind in ("html", "plain"):
			assert "Dieses Problem muss bearbeitet werden:" in mails_to(GERMAN, kind)[0]
		assert "Open it in MedGrid" in mails_to(BOSS)[0]
	finally:
		frappe.db.set_value("User", GERMAN, "language", None)
		frappe.db.commit()


def test_text_of_others_is_text_in_both_parts_and_no_header(told):
	open_one(title=f"MGT: {HOSTILE}", detail=HOSTILE, what_to_do=HOSTILE)
	mails.send_to_administrators()
	[html], [plain] = mails_to(BOSS), mails_to(BOSS, "plain")
	assert "<script" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }}" in html
	assert "<script>alert(1)</script> & {{ 7 * 7 }}" in plain
	[subject] = subjects_to(BOSS)
	assert "\n" not in subject and "\r" not in subject
	assert subjects_to("mgt.other@example.com") == []


def test_text_of_others_is_a_title_of_one_line_in_the_error_log(told):
	"""Frappe takes a title with a line end for the text, and Frappe 15 escapes tags after it has checked the
	length."""
	mark = f"MGT {frappe.generate_hash(length=10)}"
	open_one(title=f"{mark}: {HOSTILE}", detail=HOSTILE * 3, what_to_do="Bring it back.")
	open_one(related_to="two", title=f"{mark}: <b>{'&' * 200}", detail="It is away.")
	filters = {"method": ("like", f"%{mark}%")}
	titles = frappe.get_all("Error Log", filters, pluck="method", order_by="creation")
	assert len(titles) == 2 and max(map(len, titles)) <= 140
	assert titles[0].startswith(f"MedGrid: {mark}: ‹script›alert(1)") and "Bcc: mgt.other" in titles[0]
	assert "\n" not in titles[0] and titles[1].endswith("&&&")


def test_without_an_account_the_issue_says_so_and_the_mail_follows(told, monkeypatch):
	# A site whose mails are muted needs none.
	monkeypatch.setitem(frappe.local.conf, "mute_emails", 0)
	monkeypatch.setitem(frappe.local.flags, "mute_emails", 0)
	switch_accounts(on=False)
	try:
		# No worker sends it: its site may be muted.
		name = open_one(notify=False)
		frappe.db.set_value(DOCTYPE, name, "mail_administrators", 1)
		mails.send_to_administrators()
		assert state(name).mail_problem == "No mail was sent: set up an Email Account for outgoing mail."
		assert not state(name).mailed_at and subjects_to(BOSS) == []
	finally:
		switch_accounts(on=True)
	mails.send_to_administrators()
	assert state(name).mailed_at and not state(name).mail_problem
	assert len(subjects_to(BOSS)) == 1


def switch_accounts(*, on: bool) -> None:
	frappe.db.rollback()
	found = {"email_id": ("like", "%"), "default_outgoing": 1, "enable_outgoing": int(not on)}
	names = frappe.get_all("Email Account", found, pluck="name")
	frappe.db.set_value("Email Account", {"name": ("in", names)}, "enable_outgoing", int(on))
	frappe.db.commit()
	# Frappe remembers an account until the request or the job ends.
	frappe.local.outgoing_email_account = {}


def test_without_a_list_the_enabled_system_managers_get_them(told, manager):
	settle_who_is_told(None)
	addresses = {recipient.address for recipient in mails.administrators()}
	assert manager.user.email in addresses
	assert not addresses & {"admin@example.com", "guest@example.com"}


@pytest.mark.parametrize(
	("written", "stored"),
	[
		(f"{BOSS}\n{GERMAN}\n", f"{BOSS}\n{GERMAN}"),
		(f" {BOSS} ; {GERMAN}, {BOSS}", f"{BOSS}\n{GERMAN}"),
		("", ""),
	],
)
def test_the_list_takes_lines_and_commas(told, written, stored):
	settings = frappe.get_doc("Medgrid Settings")
	settings.mail_trouble_to = written
	settings.save(ignore_permissions=True)
	assert settings.mail_trouble_to == stored


@pytest.mark.parametrize("wrong", ["nobody", "a@b", "Ada <ada@example.com>", "x@example.com y"])
def test_the_list_refuses_what_is_no_address(told, wrong):
	settings = frappe.get_doc("Medgrid Settings")
	settings.mail_trouble_to = wrong
	with pytest.raises(frappe.ValidationError, match="is not an e-mail address"):
		settings.save(ignore_permissions=True)


def test_two_jobs_at_once_send_one_mail(told):
	# A worker does the same at this moment.
	open_one()
	mails.send_to_administrators()
	wait_for_jobs()
	assert len(subjects_to(BOSS)) == 1


# who is told


def test_an_audience_is_asked_for_once(told):
	name = open_one(who_acts=VENDOR)
	assert mails.ask_for(name, mails.ADMINISTRATORS) is True
	assert mails.ask_for(name, mails.ADMINISTRATORS) is False
	assert frappe.db.get_value(DOCTYPE, name, "mail_administrators") == 1


def test_each_audience_is_asked_for_by_itself(told):
	name = open_one(who_acts=VENDOR)
	vendor = mails.Audience("mail_vendor", "vendor_mailed_at", "MGT Somebody")
	assert mails.ask_for(name, mails.ADMINISTRATORS) and mails.ask_for(name, vendor)
	assert not mails.ask_for(name, vendor)
	fields = ["mail_administrators", "mail_vendor", "mailed_at", "vendor_mailed_at"]
	assert list(frappe.db.get_value(DOCTYPE, name, fields)) == [1, 1, None, None]


def test_each_issue_is_asked_for_by_itself(told):
	first, second = open_one("one", VENDOR), open_one("two", VENDOR)
	assert mails.ask_for(first, mails.ADMINISTRATORS)
	assert frappe.db.get_value(DOCTYPE, second, "mail_administrators") == 0
	assert mails.ask_for(second, mails.ADMINISTRATORS)


def test_who_was_asked_for_in_a_transaction_that_is_undone_is_asked_for_again(told):
	name = open_one(who_acts=VENDOR)
	assert mails.ask_for(name, mails.ADMINISTRATORS)
	frappe.db.rollback()
	assert mails.ask_for(name, mails.ADMINISTRATORS)


def test_who_was_mailed_is_not_asked_for_again(told):
	name = open_one()
	wait_for_jobs()
	frappe.db.rollback()
	assert state(name).mailed_at
	assert mails.ask_for(name, mails.ADMINISTRATORS) is False


def test_an_audience_of_some_types_gets_only_these(told):
	name, other = open_one("one", VENDOR), open_one("two", VENDOR)
	for each in (name, other):
		mails.ask_for(each, mails.ADMINISTRATORS)
	frappe.db.set_value(DOCTYPE, other, "issue_type", "mgt/other")
	frappe.db.commit()
	audience = mails.Audience("mail_administrators", "mailed_at", types=("mgt/mail",))
	mails.deliver(audience, mails.administrators, mails._to_administrator)
	assert state(name).mailed_at and not state(other).mailed_at
