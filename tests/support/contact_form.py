"""The website's contact form, as a visitor's browser sends it, and what has become of its messages."""

import json
from concurrent.futures import ThreadPoolExecutor

import frappe

from medgrid.contact import hold
from medgrid.contact.queue import DOCTYPE
from tests.support.http import Caller
from tests.support.rows import delete_rows
from tests.support.waiting import wait_for_jobs

PATH = "/api/method/medgrid.contact_api.submit_contact_form"
ANSWER = {"ok": True, "message": "Thank you for your message. We will get back to you."}
RELEASE = "medgrid.contact_api.release_contact_messages"


def form(address, **changes) -> dict:
	return {"name": "Ada Byron King", "email": address, "message": "Do you ship to Alaska?", **changes}


def send(caller, address, *, route: str | None = None, **changes):
	"""
	:param route: the header X-Forwarded-For.
	"""
	headers = {"X-Forwarded-For": route} if route else {}
	return caller.request("POST", PATH, json=form(address, **changes), headers=headers)


def send_all(caller, visits: list[dict]) -> list:
	"""Sends messages, eight at a time; returns the answers in their order. Each has a connection of its own:
	the server may just be closing one that has idled.

	:param visits: the arguments of `send`.
	"""
	with ThreadPoolExecutor(8) as pool:
		return list(pool.map(lambda visit: send(Caller(caller.environment), **visit), visits))


def leads(pattern: str) -> list:
	"""The Leads whose e-mail address is like this, the oldest first."""
	wait_for_jobs()
	frappe.db.rollback()
	return frappe.get_all(
		"Lead",
		filters={"email_id": ("like", pattern)},
		fields=["name", "lead_name", "email_id"],
		order_by="creation",
	)


def comments(lead: str) -> list[str]:
	filters = {"reference_doctype": "Lead", "reference_name": lead, "comment_type": "Comment"}
	return frappe.get_all("Comment", filters=filters, order_by="creation", pluck="content")


def stored(text: str) -> list:
	"""The Contact Messages with this text in them."""
	frappe.db.rollback()
	filters = {"words": ("like", f"%{text}%")}
	return frappe.get_all(DOCTYPE, filters=filters, fields=["name", "held", "failures"])


def fill(number: int, *, held: bool) -> None:
	"""Inserts messages that no job takes, committed."""
	now, user = frappe.utils.now(), "Administrator"
	fields = ["name", "creation", "modified", "owner", "modified_by", "words", "held"]
	words = json.dumps(form("filling@example.com"))
	rows = [
		(frappe.generate_hash(length=12), now, now, user, user, words, int(held)) for _row in range(number)
	]
	frappe.db.bulk_insert(DOCTYPE, fields, rows)
	frappe.db.commit()


def empty() -> None:
	"""Deletes all messages, and settles the issue about held ones. Committed."""
	wait_for_jobs()
	frappe.db.rollback()
	delete_rows((DOCTYPE, {}))
	hold.report()
