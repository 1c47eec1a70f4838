"""Notifies administrators in Desk: a Notification Log entry for each, and one entry in the Error Log."""

from html import escape

import frappe
from frappe.utils.user import get_system_managers

from medgrid.core.faults.entries import log_without_parameters


def notify_administrators(subject: str, text: str, what_to_do: str, document: tuple[str, str]) -> None:
	"""Notifies every System Manager. The caller commits.

	:param subject: one line.
	:param text: what is wrong; no secret.
	:param what_to_do: what the administrator does about it.
	:param document: DocType and name of the document that the notification links to.
	"""
	content = f"{text} {what_to_do}".strip()
	for user in dict.fromkeys(["Administrator", *get_system_managers(only_name=True)]):
		notification = {
			"doctype": "Notification Log",
			"type": "Alert",
			"for_user": user,
			# Desk shows both as HTML.
			"subject": escape(subject),
			"email_content": escape(content),
			"document_type": document[0],
			"document_name": document[1],
		}
		# The current user, for example Guest in a webhook, has no permission to create others' notifications.
		frappe.get_doc(notification).insert(ignore_permissions=True)
	log_without_parameters(f"MedGrid: {subject}", content)
