"""When MedGrid's app is uninstalled from the Exoceuticals store, Shopify ends the token and says so by
webhook."""

from datetime import datetime

import frappe
from frappe import _

from medgrid.clients.shopify.webhooks.uninstallation import Uninstallation
from medgrid.core.clock import from_stored_utc, utc_now
from medgrid.core.secrets import forget_secret, read_secret
from medgrid.exoceuticals.settings import CONNECTED_AT, SETTINGS, TOKEN
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue

# Settled when the app is installed again.
UNINSTALLED = Subject("exoceuticals", "app_uninstalled")


def forget_token(told: Uninstallation) -> bool:
	"""Forgets the store's token, and tells the administrators once. Adds to the caller's transaction.

	:param told: an uninstallation of the store's shop.
	:returns: whether there was a token to forget; False for a late delivery, too.
	"""
	connected_at = _lock_connecting()
	if not read_secret(SETTINGS, SETTINGS, TOKEN) or told.is_stale(connected_at, utc_now()):
		return False
	forget_secret(SETTINGS, SETTINGS, TOKEN)
	frappe.db.set_single_value(SETTINGS, {TOKEN: None, CONNECTED_AT: None})
	# The token worked until now: an earlier uninstallation is over, however the token came.
	settle_issue(UNINSTALLED)
	open_issue(
		UNINSTALLED,
		title=_("MedGrid's app was uninstalled from {0}").format(told.shop),
		detail=_("Nothing is exchanged with Exoceuticals any more."),
		who_acts=ADMINISTRATOR,
		what_to_do=_("To go on, install the app again."),
	)
	return True


def _lock_connecting() -> datetime | None:
	"""Locks what is changed here: of two deliveries at once, the second waits.

	:returns: when the token was stored; None: nobody knows.
	"""
	singles = frappe.qb.DocType("Singles")
	is_ours = (singles.doctype == SETTINGS) & singles.field.isin([TOKEN, CONNECTED_AT])
	rows = frappe.qb.from_(singles).select(singles.field, singles.value).where(is_ours).for_update().run()
	connected_at = dict(rows).get(CONNECTED_AT)
	return from_stored_utc(connected_at) if connected_at else None
