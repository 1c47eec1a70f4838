"""Telling the administrators what they must see to."""

import frappe
from frappe.utils.user import get_system_managers


def notify_administrators(subject: str, text: str) -> None:
	"""A notification in Desk for every System Manager, and one entry in the Error Log.

	:param subject: one line.
	:param text: what it means, and what to do; no secret.
	"""
	for user in dict.fromkeys(["Administrator", *get_system_managers(only_name=True)]):
		_notify(user, subject, text)
	frappe.log_error(title=f"MedGrid: {subject}", message=text)


def _notify(user: str, subject: str, text: str) -> None:
	notice = {
		"doctype": "Notification Log",
		"type": "Alert",
		"for_user": user,
		"subject": subject,
		"email_content": text,
		"document_type": "System Settings",
		"document_name": "System Settings",
	}
	# Whoever caused it, a webhook for one, has no rights on other users' notifications.
	frappe.get_doc(notice).insert(ignore_permissions=True)
