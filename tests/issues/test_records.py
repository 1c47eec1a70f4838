"""Integration Issue: one open issue about one thing, whoever finds it, until it works again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest

from medgrid.core.clock import stored_utc, utc_now
from medgrid.core.transactions import in_transaction
from medgrid.issues import retention
from medgrid.issues.records import (
	ADMINISTRATOR,
	DOCTYPE,
	NOBODY,
	VENDOR,
	Subject,
	open_issue,
	open_issue_of,
	settle_after_commit,
	settle_issue,
)
from tests.support.http import error
from tests.support.rows import delete_rows

SUBJECT = Subject("mgt", "sync", related_to="one")


@pytest.fixture(autouse=True)
def no_issues(site):
	"""Nothing of this integration is open, before and after."""

	def forget() -> None:
		frappe.db.rollback()
		delete_rows((DOCTYPE, {"integration": "mgt"}), ("Notification Log", {"subject": ("like", "MGT%")}))

	forget()
	yield
	forget()


def open_one(subject=SUBJECT, detail="It is away.", who_acts=VENDOR, **more):
	issue = open_issue(subject, title="MGT: a sync fails", detail=detail, who_acts=who_acts, **more)
	frappe.db.commit()
	return issue


def rows() -> list:
	frappe.db.rollback()
	fields = ["name", "detail", "attempts", "settled_at", "issue_type", "who_acts", "status"]
	return frappe.get_all(DOCTYPE, {"integration": "mgt"}, fields, order_by="creation asc")


def notifications() -> list:
	filters = {"for_user": "Administrator", "subject": ("like", "MGT%")}
	return frappe.get_all("Notification Log", filters, ["subject", "email_content", "document_name"])


def test_what_goes_on_failing_is_one_issue_with_the_latest_detail():
	first, second = open_one(), open_one(detail="It is still away.")
	assert (first.is_new, second.is_new) == (True, False)
	assert first.name == second.name
	[row] = rows()
	assert (row.attempts, row.detail, row.settled_at) == (2, "It is still away.", None)
	assert (row.issue_type, row.who_acts, row.status) == ("mgt/sync", "Vendor", 417)


def test_what_fails_again_after_it_worked_is_another_issue():
	first = open_one()
	assert settle_issue(SUBJECT) is True
	frappe.db.commit()
	assert settle_issue(SUBJECT) is False
	assert open_issue_of(SUBJECT) is None
	second = open_one()
	assert second.is_new
	assert [bool(row.settled_at) for row in rows()] == [True, False]
	assert open_issue_of(SUBJECT) == second.name != first.name


@pytest.mark.parametrize(
	"other",
	[
		Subject("mgt", "push_order", related_to="one"),
		Subject("mgt", "sync", related_to="two"),
		Subject("mgt", "sync", related_to="one", reference=("User", "Administrator")),
		Subject("mgt", "sync"),
	],
)
def test_what_is_about_something_else_is_an_issue_of_its_own(other):
	open_one()
	open_one(other)
	settle_issue(other)
	frappe.db.commit()
	assert [bool(row.settled_at) for row in rows()] == [False, True]


def test_of_many_who_find_it_at_once_one_opens_it(environment, site):
	name, site_name = DOCTYPE, frappe.local.site

	def find(_number) -> bool:
		frappe.init(site_name)
		frappe.connect()
		try:
			# Another transaction may undo this one, so it is repeated whole, as the app does it.
			return in_transaction(
				lambda: (
					open_issue(
						SUBJECT, title="MGT: a sync fails", detail="It is away.", who_acts=VENDOR
					).is_new
				)
			)
		finally:
			frappe.destroy()

	with ThreadPoolExecutor(6) as pool:
		opened = list(pool.map(find, range(6)))
	assert sum(opened) == 1
	[row] = rows()
	assert (name, row.attempts) == (DOCTYPE, 6)


def test_administrators_are_notified_once_of_what_is_theirs():
	for _hour in range(3):
		open_one(who_acts=ADMINISTRATOR, what_to_do="Enter a new key.")
	[notification] = notifications()
	assert notification.subject == "MGT: a sync fails"
	assert notification.email_content == "It is away. Enter a new key."
	assert notification.document_name == rows()[0].name


@pytest.mark.parametrize("who", [VENDOR, NOBODY])
def test_nobody_is_notified_in_desk_of_what_is_not_theirs(who):
	open_one(who_acts=who)
	assert notifications() == []


def test_who_saw_the_first_failure_is_notified_of_the_next_that_nobody_sees():
	open_one(who_acts=ADMINISTRATOR, notify=False)
	assert notifications() == []
	open_one(who_acts=ADMINISTRATOR)
	assert len(notifications()) == 1


def test_long_texts_are_cut_and_not_refused():
	issue = open_one(Subject("mgt", "sync", related_to="x" * 500), detail="y" * 5000)
	assert issue.is_new
	assert len(rows()[0].detail) == 1000


def test_settled_issues_are_kept_for_as_long_as_the_settings_say(site):
	old, young = open_one(), open_one(Subject("mgt", "sync", related_to="two"))
	for subject in (SUBJECT, Subject("mgt", "sync", related_to="two")):
		settle_issue(subject)
	still_open = open_one()
	before = frappe.db.get_single_value("Medgrid Settings", "issue_days")
	frappe.db.set_value(DOCTYPE, old.name, "settled_at", stored_utc(utc_now() - timedelta(days=8)))
	frappe.db.set_value(DOCTYPE, still_open.name, "occurred_at", stored_utc(utc_now() - timedelta(days=80)))
	try:
		for days, left in ((0, 3), (7, 2)):
			frappe.db.set_single_value("Medgrid Settings", "issue_days", days)
			frappe.db.commit()
			retention.prune()
			assert len(rows()) == left
	finally:
		frappe.db.set_single_value("Medgrid Settings", "issue_days", before)
		frappe.db.commit()
	assert {row.name for row in rows()} == {young.name, still_open.name}


def test_only_system_managers_read_them(customer, sales_rep, manager):
	for caller in (customer, sales_rep):
		error(caller.request("GET", f"/api/resource/{DOCTYPE}"), 403, "PermissionError")
	assert manager.request("GET", f"/api/resource/{DOCTYPE}").status_code == 200


# settling after the caller's transaction


def settled_at(name: str):
	frappe.db.rollback()
	return frappe.db.get_value(DOCTYPE, name, "settled_at")


def test_what_a_hook_settles_is_settled_after_the_commit_and_not_before():
	issue = open_one()
	settle_after_commit(SUBJECT)
	assert open_issue_of(SUBJECT) == issue.name
	frappe.db.commit()
	assert settled_at(issue.name) and open_issue_of(SUBJECT) is None


def test_what_a_hook_settles_in_a_transaction_that_is_undone_stays_open():
	issue = open_one()
	settle_after_commit(SUBJECT)
	frappe.db.rollback()
	frappe.db.commit()
	assert not settled_at(issue.name)


def test_settling_after_the_commit_finds_what_a_rival_wrote_meanwhile(site):
	issue = open_one()
	settle_after_commit(SUBJECT)
	name = frappe.local.site

	def rival() -> None:
		frappe.init(name)
		frappe.connect()
		try:
			open_one(detail="A rival's.")
		finally:
			frappe.destroy()

	with ThreadPoolExecutor(1) as pool:
		pool.submit(rival).result()
	frappe.db.commit()
	[row] = rows()
	assert (row.name, row.attempts, row.detail) == (issue.name, 2, "A rival's.")
	assert row.settled_at


def test_settling_after_the_commit_what_nobody_has_opened_changes_nothing():
	other = open_one(Subject("mgt", "other"))
	settle_after_commit(SUBJECT)
	frappe.db.commit()
	assert not settled_at(other.name)


def test_settling_after_the_commit_keeps_what_the_caller_wrote():
	issue, other = open_one(), open_one(Subject("mgt", "other"))
	frappe.db.set_value(DOCTYPE, other.name, "detail", "The caller's.")
	settle_after_commit(SUBJECT)
	frappe.db.commit()
	frappe.db.rollback()
	assert frappe.db.get_value(DOCTYPE, other.name, "detail") == "The caller's."
	assert settled_at(issue.name)


def test_what_is_settled_twice_after_one_commit_is_settled_once():
	issue = open_one()
	settle_after_commit(SUBJECT)
	settle_after_commit(SUBJECT)
	frappe.db.commit()
	assert settled_at(issue.name) and len(rows()) == 1
