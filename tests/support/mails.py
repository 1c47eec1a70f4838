"""Frappe's Email Queue: the account that the tests' mails would go out by, and what waits in it."""

from email import message_from_string
from email.header import decode_header, make_header

import frappe

ACCOUNT = "MGT Outgoing"


def make_account() -> str | None:
	"""Makes an account for outgoing mails. Commits.

	:returns: its name; None: there is one already.
	"""
	frappe.set_user("Administrator")
	if frappe.db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}):
		return None
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": ACCOUNT,
			"email_id": "mgt.outgoing@example.com",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "127.0.0.1",
			"smtp_port": 2525,
			"no_smtp_authentication": 1,
		}
	)
	# It asks the server otherwise.
	account.flags.ignore_validate = True
	account.insert(ignore_permissions=True)
	frappe.db.commit()
	return account.name


def delete_account(name: str) -> None:
	frappe.db.rollback()
	frappe.delete_doc("Email Account", name, force=True, ignore_permissions=True)
	frappe.db.commit()


def mails_to(address: str, kind: str = "html") -> list[str]:
	"""The bodies of the mails that wait for an address, oldest first.

	:param kind: "html" or "plain".
	"""
	return [_body(message, kind) for _subject, message in _queued(address)]


def subjects_to(address: str) -> list[str]:
	return [subject for subject, _message in _queued(address)]


def headers_to(address: str, name: str) -> list[str | None]:
	"""A header of the mails that wait for an address; None: a mail has none."""
	found = [message_from_string(message)[name] for _subject, message in _queued(address)]
	return [value and str(value) for value in found]


def forget_mails_to(*addresses: str) -> None:
	frappe.db.rollback()
	for address in addresses:
		frappe.db.delete("Email Queue Recipient", {"recipient": address})
	frappe.db.commit()


def _queued(address: str) -> list[tuple[str, str]]:
	frappe.db.rollback()
	rows = frappe.get_all(
		"Email Queue Recipient", filters={"recipient": address}, pluck="parent", order_by="creation asc"
	)
	messages = [frappe.db.get_value("Email Queue", name, "message") for name in rows]
	return [(_subject(text), text) for text in messages]


def _subject(text: str) -> str:
	return str(make_header(decode_header(message_from_string(text)["Subject"])))


def _body(text: str, kind: str) -> str:
	parts = message_from_string(text).walk()
	part = next(part for part in parts if part.get_content_type() == f"text/{kind}")
	return part.get_payload(decode=True).decode()
