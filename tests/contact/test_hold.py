"""Messages above the site's limit are held until a System Manager releases them."""

import json

import frappe
import pytest

from medgrid import contact_api
from medgrid.contact import hold, inbox
from medgrid.contact.queue import DOCTYPE, MAX_WAITING
from tests.support import limits
from tests.support.contact_form import ANSWER, PATH, RELEASE, comments, fill, form, leads, send, stored
from tests.support.http import error, message
from tests.support.waiting import wait_for_jobs


@pytest.fixture
def flooded(contact_form):
	"""As many messages have come within this hour as MedGrid makes Leads of."""
	limits.exhaust(contact_api.OVERALL, "everybody")
	return contact_form


@pytest.fixture
def held(anonymous, flooded, sender):
	"""The name of a held message."""
	assert message(send(anonymous, f"{sender}@example.com")) == ANSWER
	wait_for_jobs()
	[row] = stored(sender)
	return row.name


def issues(**filters) -> list:
	frappe.db.rollback()
	return frappe.get_all(
		"Integration Issue",
		filters={"issue_type": hold.SUBJECT.issue_type, **filters},
		fields=["name", "title", "detail", "what_to_do", "who_acts", "settled_at"],
		order_by="creation desc",
	)


def open_issues() -> list:
	return issues(settled_at=("is", "not set"))


def test_a_message_above_the_limit_is_answered_alike_and_held(anonymous, flooded, sender, site):
	before = frappe.db.count("Notification Log", {"document_type": "Integration Issue"})
	answer = anonymous.request("POST", PATH, json=form(f"{sender}@example.com"))
	assert message(answer) == ANSWER
	assert "Retry-After" not in answer.headers
	assert leads(f"{sender}%") == []
	[row] = stored(sender)
	assert row.held == 1
	[issue] = open_issues()
	assert issue.title == "Messages of the contact form are held"
	assert "1 of them are held" in issue.detail
	assert "Release what people wrote" in issue.what_to_do
	assert issue.who_acts == "Administrator"
	assert sender not in json.dumps(issue, default=str)
	assert frappe.db.count("Notification Log", {"document_type": "Integration Issue"}) > before


def test_no_job_makes_a_lead_of_a_held_message(held, sender, site, monkeypatch):
	inbox.deliver(held)
	monkeypatch.setattr(inbox, "OVERDUE_MINUTES", -1)
	inbox.deliver_overdue()
	assert leads(f"{sender}%") == []
	assert [row.failures for row in stored(sender)] == [0]


def test_a_system_manager_releases_messages_and_it_is_on_record(held, sender, manager):
	assert message(manager.post(RELEASE, names=[held])) == {"released": 1}
	[lead] = leads(f"{sender}%")
	assert "Do you ship to Alaska?" in comments(lead.name)[0]
	assert stored(sender) == []
	assert open_issues() == []
	record = frappe.get_all(
		"Comment",
		filters={"reference_doctype": "Integration Issue", "reference_name": issues()[0].name},
		fields=["content", "comment_email", "owner"],
	)
	user = manager.user.email
	assert record == [{"content": f"{user} released 1 messages.", "comment_email": user, "owner": user}]


def test_the_release_is_on_record_if_nobody_has_opened_the_issue_yet(flooded, sender, site, monkeypatch):
	monkeypatch.setattr(hold, "report_after_commit", lambda: None)
	fill(1, held=True)
	[name] = [row.name for row in stored("filling@example.com")]
	assert open_issues() == []
	assert inbox.release([name]) == 1
	[issue] = open_issues()
	assert frappe.db.exists("Comment", {"reference_name": issue.name})


def test_the_issue_stays_open_while_others_are_held(held, flooded, manager):
	fill(3, held=True)
	assert message(manager.post(RELEASE, names=[held])) == {"released": 1}
	wait_for_jobs()
	[issue] = open_issues()
	assert "3 of them are held" in issue.detail


def test_the_issue_is_settled_within_the_hour_after_the_rest_was_deleted(held, flooded, site):
	assert len(open_issues()) == 1
	site.delete_doc(DOCTYPE, held)
	site.db.commit()
	inbox.deliver_overdue()
	assert open_issues() == []


def test_desk_sends_the_names_as_json_in_a_form(held, sender, manager):
	answer = manager.request("POST", f"/api/method/{RELEASE}", data={"names": json.dumps([held, held])})
	assert message(answer) == {"released": 1}
	assert len(leads(f"{sender}%")) == 1


def test_what_is_gone_or_not_held_is_left_out(held, flooded, manager):
	fill(1, held=False)
	[waiting] = frappe.get_all(DOCTYPE, filters={"held": 0}, pluck="name")
	assert message(manager.post(RELEASE, names=["no-such-message", waiting])) == {"released": 0}
	assert message(manager.post(RELEASE, names=[held])) == {"released": 1}
	assert message(manager.post(RELEASE, names=[held])) == {"released": 0}


def test_nobody_else_may_release_messages(held, sender, anonymous, customer, sales_rep):
	error(anonymous.post(RELEASE, names=[held]), 401, "AuthenticationError")
	for caller in (customer, sales_rep):
		error(caller.post(RELEASE, names=[held]), 403, "PermissionError")
	assert [row.held for row in stored(sender)] == [1]


def test_nobody_releases_a_message_by_changing_it(held, sender, manager, sales_rep):
	for caller in (manager, sales_rep):
		answer = caller.request("PUT", f"/api/resource/Contact Message/{held}", json={"held": 0})
		assert answer.status_code == 403
	assert [row.held for row in stored(sender)] == [1]


@pytest.mark.parametrize("names", [None, [], "", "x", [""], [1], {"a": 1}, "[", ["x" * 141], ["x"] * 501])
def test_what_are_no_names_is_400(manager, names):
	values = {} if names is None else {"names": names}
	assert "names" in error(manager.post(RELEASE, **values), 400, "ValidationError")


def test_only_post_releases(held, manager):
	assert manager.get(RELEASE, names=json.dumps([held])).status_code in (403, 405)
	assert frappe.db.get_value(DOCTYPE, held, "held") == 1


def test_messages_for_which_there_is_no_room_stay_held(held, sender, manager):
	fill(MAX_WAITING, held=False)
	answer = manager.post(RELEASE, names=[held])
	error(answer, 503, "BusyError")
	assert int(answer.headers["Retry-After"]) > 0
	assert [row.held for row in stored(sender)] == [1]


def test_within_the_limit_nothing_is_held(anonymous, contact_form, sender):
	assert message(send(anonymous, f"{sender}@example.com")) == ANSWER
	assert len(leads(f"{sender}%")) == 1
	assert stored(sender) == []
