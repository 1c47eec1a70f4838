"""Opens an Integration Issue when a connection fails, and settles it when the connection works again. The
vendor gets one text message for each issue."""

import frappe
from frappe import _

from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.sendblue.alerts import send_alert
from medgrid.issues.records import VENDOR, Subject, open_issue, settle_issue

DOCTYPE = "Vendor Connection"


def note_state(connection: str, error: str | None) -> None:
	"""Opens or settles the issue of a connection. Code that writes a connection's status calls this in the
	same transaction.

	:param connection: the name of the Vendor Connection.
	:param error: why the connection fails, in a sentence for the vendor; None: it works.
	"""
	integration = REGISTRY[frappe.db.get_value(DOCTYPE, connection, "integration")]
	subject = subject_of(connection, integration.id)
	if not error:
		settle_issue(subject)
		return
	issue = open_issue(
		subject,
		title=_("{0}: a vendor's connection fails").format(integration.label),
		detail=error,
		who_acts=VENDOR,
		what_to_do=_("The vendor tests or reconnects the integration in the portal."),
	)
	if not issue.notified_at:
		enqueue_after_commit(
			send_alert, queue=SHORT, job_id=f"medgrid-alert-{connection}", connection=connection
		)


def claimed_shop(shop: str) -> Subject:
	"""The subject of the issue about a Shopify store that two Suppliers claim."""
	return Subject("shopify", "claimed_shop", related_to=shop)


def not_subscribed(connection: str) -> Subject:
	"""The subject of the issue about a connection that cannot subscribe to its shop's uninstall webhook."""
	return Subject("shopify", "subscribe", reference=(DOCTYPE, connection))


def subject_of(connection: str, integration: str) -> Subject:
	"""The subject of the issue of a connection."""
	return Subject(integration, "sync", reference=(DOCTYPE, connection))
