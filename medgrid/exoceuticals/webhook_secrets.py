"""The secrets that may have signed a webhook of the Exoceuticals store.

Webhooks made in Shopify's Admin are signed with the shop's webhook secret, those that MedGrid registers with
the app's client secret. For an hour after a rotation Shopify may still sign with the old one, and retries
what was signed before: when an administrator replaces a secret, the one before stays good for two hours.

Contract: "Required Headers (sent by Shopify)", `exoceuticals_webhook_secret`.
"""

from datetime import datetime, timedelta, timezone

import frappe
from frappe.utils.password import decrypt, get_decrypted_password

from medgrid.exoceuticals.settings import PREFIX, SETTINGS

ROTATED = (f"{PREFIX}webhook_secret", f"{PREFIX}client_secret")
PREVIOUS, UNTIL = "_previous", "_until"
OVERLAP = timedelta(hours=2)


def signing_secrets() -> list[str]:
	"""All that are good now. Two queries, whatever is set: every webhook asks."""
	stored, until = _stored_secrets(), _ends_of_previous()
	return [secret for field, secret in stored.items() if field in ROTATED or _is_ahead(until.get(field))]


def keep_replaced(document, event=None) -> None:
	"""`System Settings`' before_validate, when the fields hold what was typed, or asterisks for no change,
	and the database what was before. A secret that is taken out without another in its place is good no more.
	"""
	for field in ROTATED:
		typed = document.get(field)
		if typed and document.is_dummy_password(typed):
			continue
		before = get_decrypted_password(SETTINGS, SETTINGS, field, raise_exception=False)
		if before == (typed or None):
			continue
		keeps = bool(before and typed)
		document.set(field + PREVIOUS, before if keeps else None)
		document.set(field + UNTIL, _utc_now() + OVERLAP if keeps else None)


def _stored_secrets() -> dict[str, str]:
	auth = frappe.qb.Table("__Auth")
	fields = [*ROTATED, *(field + PREVIOUS for field in ROTATED)]
	rows = (
		frappe.qb.from_(auth)
		.select(auth.fieldname, auth.password)
		.where((auth.doctype == SETTINGS) & (auth.name == SETTINGS) & (auth.encrypted == 1))
		.where(auth.fieldname.isin(fields))
		.run()
	)
	return {field: decrypt(secret) for field, secret in rows}


def _ends_of_previous() -> dict[str, str]:
	"""Until when the previous ones are good, by the fields that hold them."""
	singles = frappe.qb.DocType("Singles")
	rows = (
		frappe.qb.from_(singles)
		.select(singles.field, singles.value)
		.where((singles.doctype == SETTINGS) & singles.field.isin([field + UNTIL for field in ROTATED]))
		.run()
	)
	return {field.removesuffix(UNTIL) + PREVIOUS: value for field, value in rows}


def _is_ahead(moment: str | None) -> bool:
	return bool(moment) and frappe.utils.get_datetime(moment) > _utc_now()


def _utc_now() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)
