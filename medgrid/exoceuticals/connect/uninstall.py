"""Disconnects the Exoceuticals store after an uninstallation: Shopify revokes the token and sends a
webhook."""

from datetime import datetime

import frappe
from frappe import _

from medgrid.clients.shopify.webhooks.uninstallation import Uninstallation
from medgrid.core.clock import from_stored_utc, utc_now
from medgrid.core.secrets import forget_secret, read_secret
from medgrid.exoceuticals.settings import CONNECTED_AT, SETTINGS, TOKEN
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue

# The issue is settled when the app is installed again.
UNINSTALLED = Subject("exoceuticals", "app_uninstalled")


def forget_token(notice: Uninstallation) -> bool:
	"""Deletes the store's token and notifies the administrators once. The caller commits.

	:param notice: an uninstallation of the store's shop.
	:returns: whether a token was deleted; False if there is none, or if it was stored after the
		uninstallation.
	"""
	connected_at = _lock_connecting()
	if not read_secret(SETTINGS, SETTINGS, TOKEN) or notice.is_stale(connected_at, utc_now()):
		return False
	forget_secret(SETTINGS, SETTINGS, TOKEN)
	frappe.db.set_single_value(SETTINGS, {TOKEN: None, CONNECTED_AT: None})
	# There was a token, so an issue of an earlier uninstallation is over. Settling it lets this one notify.
	settle_issue(UNINSTALLED)
	open_issue(
		UNINSTALLED,
		title=_("MedGrid's app was uninstalled from {0}").format(notice.shop),
		detail=_("MedGrid no longer exchanges data with Exoceuticals."),
		who_acts=ADMINISTRATOR,
		what_to_do=_("Install the app again to reconnect the store."),
	)
	return True


def _lock_connecting() -> datetime | None:
	"""Locks the rows of the token, so that one of two simultaneous deliveries waits for the other.

	:returns: when the token was stored, aware; None if that is unknown.
	"""
	singles = frappe.qb.DocType("Singles")
	is_ours = (singles.doctype == SETTINGS) & singles.field.isin([TOKEN, CONNECTED_AT])
	rows = frappe.qb.from_(singles).select(singles.field, singles.value).where(is_ours).for_update().run()
	connected_at = dict(rows).get(CONNECTED_AT)
	return from_stored_utc(connected_at) if connected_at else None
