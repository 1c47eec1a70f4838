"""When MedGrid's app is uninstalled from the Exoceuticals store, Shopify ends the token and says so by
webhook."""

from datetime import datetime, timedelta, timezone

import frappe
from frappe import _
from frappe.utils.password import get_decrypted_password, remove_encrypted_password

from medgrid.exoceuticals.settings import PREFIX, SETTINGS
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue

# Settled when the app is installed again.
UNINSTALLED = Subject("exoceuticals", "app_uninstalled")
TOKEN = f"{PREFIX}api_token"
# Shopify repeats for four hours what nobody answered; by then the app may be installed again, with a new
# token.
OLD_NEWS = timedelta(minutes=15)


def receive(shop: str, triggered_at: datetime | None) -> bool:
	"""Forgets the store's token, and tells the administrators once. The caller commits.

	Old news change nothing: if the token is dead all the same, the next call to Shopify says so.

	:param shop: the store's domain, as the webhook's body has it.
	:param triggered_at: aware; None if not told.
	:returns: whether there was a token to forget.
	"""
	if _is_old(triggered_at):
		return False
	if not get_decrypted_password(SETTINGS, SETTINGS, TOKEN, raise_exception=False):
		return False
	remove_encrypted_password(SETTINGS, SETTINGS, TOKEN)
	frappe.db.set_single_value(SETTINGS, TOKEN, None)
	open_issue(
		UNINSTALLED,
		title=_("MedGrid's app was uninstalled from {0}").format(shop),
		detail=_("Nothing is exchanged with Exoceuticals any more."),
		who_acts=ADMINISTRATOR,
		what_to_do=_("To go on, install the app again."),
	)
	return True


def _is_old(triggered_at: datetime | None) -> bool:
	return bool(triggered_at) and triggered_at < datetime.now(timezone.utc) - OLD_NEWS
