"""The secrets that may have signed a webhook of the Exoceuticals store.

Webhooks made in Shopify's Admin are signed with the shop's webhook secret, those that MedGrid registers with
the app's client secret. For an hour after a rotation Shopify may still sign with the old one, and for four
hours it retries what was signed before: when an administrator replaces a secret, the one before stays good
for six hours.

Contract: "Required Headers (sent by Shopify)", `exoceuticals_webhook_secret`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache

import frappe
from frappe.utils.password import decrypt, get_decrypted_password

from medgrid.exoceuticals.settings import PREFIX, SETTINGS

CLIENT = f"{PREFIX}client_secret"
ROTATED = (f"{PREFIX}webhook_secret", CLIENT)
PREVIOUS, UNTIL = "_previous", "_until"
OVERLAP = timedelta(hours=6)
SHOP = f"{PREFIX}shop_domain"

_SECRETS = (*ROTATED, *(name + PREVIOUS for name in ROTATED))
_VALUES = (SHOP, *(name + UNTIL for name in ROTATED))
# Written out: building it would take longer than the database takes to answer it.
_STORED = """
	SELECT fieldname, password FROM `__Auth`
	WHERE doctype = %(doctype)s AND name = %(doctype)s AND encrypted = 1 AND fieldname IN %(secrets)s
	UNION ALL
	SELECT field, value FROM `tabSingles` WHERE doctype = %(doctype)s AND field IN %(values)s
"""


@dataclass(frozen=True)
class Receiver:
	"""Whose webhooks are taken.

	:param shop_domain: in small letters; None if it is not set.
	:param secrets: all that are good now.
	:param app_secrets: those of them that only Shopify's messages to the app itself are signed with.
	"""

	shop_domain: str | None
	secrets: tuple[str, ...] = field(repr=False)
	app_secrets: tuple[str, ...] = field(repr=False)


def receiver() -> Receiver:
	"""As the settings are now, in one query: every webhook asks, and most of its time is the database's."""
	stored = dict(frappe.db.sql(_STORED, {"doctype": SETTINGS, "secrets": _SECRETS, "values": _VALUES}))
	good = {
		name: _decrypted(stored[name])
		for name in _SECRETS
		if name in stored and (name in ROTATED or _is_ahead(stored.get(_end_of(name))))
	}
	of_app = [secret for name, secret in good.items() if name.startswith(CLIENT)]
	shop = (stored.get(SHOP) or "").strip().lower()
	return Receiver(shop or None, tuple(good.values()), tuple(of_app))


def keep_replaced(document, event=None) -> None:
	"""`System Settings`' before_validate, when the fields hold what was typed, or asterisks for no change,
	and the database what was before. A secret that is taken out without another in its place is good no more.
	"""
	for name in ROTATED:
		typed = document.get(name)
		if typed and document.is_dummy_password(typed):
			continue
		before = get_decrypted_password(SETTINGS, SETTINGS, name, raise_exception=False)
		if before == (typed or None):
			continue
		keeps = bool(before and typed)
		document.set(name + PREVIOUS, before if keeps else None)
		document.set(name + UNTIL, _utc_now() + OVERLAP if keeps else None)


def _end_of(previous: str) -> str:
	return previous.removesuffix(PREVIOUS) + UNTIL


@lru_cache(maxsize=16)
def _decrypted(secret: str) -> str:
	"""A secret that changes is another one when encrypted, so this is never out of date."""
	return decrypt(secret)


def _is_ahead(moment: str | None) -> bool:
	return bool(moment) and frappe.utils.get_datetime(moment) > _utc_now()


def _utc_now() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)
