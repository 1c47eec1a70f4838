"""Opens an Integration Issue when a connection fails, and settles it when the connection works again.

The vendor gets one text message and one mail for each issue, and administrators get one mail: at once if the
other system rejects the keys, which only the vendor can replace; otherwise when the connection has failed
PATIENCE_FAILURES times, or for PATIENCE. No message is sent about a failure that ends before that.
"""

from datetime import timedelta

import frappe
from frappe import _

from medgrid.core.clock import utc_now
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.site_time import from_site_time
from medgrid.exceptions import MedgridError
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.notices.vendor_mails import tell_vendor
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.sendblue.alerts import send_alert
from medgrid.issues.mails import tell_administrators
from medgrid.issues.records import DOCTYPE as ISSUE
from medgrid.issues.records import NOBODY, VENDOR, Issue, Subject, open_issue, settle_issue
from medgrid.services.failure_advice import AT_ONCE, BY_ITSELF, kind_of

PATIENCE_FAILURES = 3
PATIENCE = timedelta(minutes=15)


def note_state(connection: str, error: str | None, failure: MedgridError | None = None) -> None:
	"""Opens or settles the issue of a connection. Code that writes a connection's status calls this in the
	same transaction.

	:param connection: the name of the Vendor Connection.
	:param error: why the connection fails, in a sentence for the vendor; None: it works.
	:param failure: the failure itself; None: it is not known, or passes by itself.
	"""
	row = frappe.db.get_value(DOCTYPE, connection, ["integration", "supplier"], as_dict=True)
	integration = REGISTRY[row.integration]
	subject = subject_of(connection, integration.id)
	if not error:
		settle_issue(subject)
		return
	kind = kind_of(failure)
	by_itself = kind in BY_ITSELF
	issue = open_issue(
		subject,
		title=_("{0}: a vendor's connection fails").format(integration.label),
		detail=error,
		who_acts=NOBODY if by_itself else VENDOR,
		what_to_do=(
			_("MedGrid tries again by itself.")
			if by_itself
			else _("The vendor tests or reconnects the integration in the portal.")
		),
		supplier=row.supplier,
	)
	if kind not in AT_ONCE and not _has_failed_long_enough(issue):
		return
	if row.supplier:
		tell_vendor(issue.name, row.supplier)
		tell_administrators(issue.name)
	if not issue.notified_at:
		enqueue_after_commit(
			send_alert, queue=SHORT, job_id=f"medgrid-alert-{connection}", connection=connection
		)


def _has_failed_long_enough(issue: Issue) -> bool:
	row = frappe.db.get_value(ISSUE, issue.name, ["attempts", "creation"], as_dict=True)
	return row.attempts >= PATIENCE_FAILURES or utc_now() - from_site_time(row.creation) >= PATIENCE


def claimed_shop(shop: str) -> Subject:
	"""The subject of the issue about a Shopify store that two Suppliers claim."""
	return Subject("shopify", "claimed_shop", related_to=shop)


def not_subscribed(connection: str) -> Subject:
	"""The subject of the issue about a connection that cannot subscribe to its shop's uninstall webhook."""
	return Subject("shopify", "subscribe", reference=(DOCTYPE, connection))


def subject_of(connection: str, integration: str) -> Subject:
	"""The subject of the issue of a connection."""
	return Subject(integration, "sync", reference=(DOCTYPE, connection))
