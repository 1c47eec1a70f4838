"""The secrets that sign the webhooks of the Exoceuticals store.

Shopify signs webhooks that were created in its Admin with the shop's webhook secret. It signs webhooks that
MedGrid registers, and webhooks to the app itself, with the app's client secret.

Contract: "Required Headers (sent by Shopify)", `exoceuticals_webhook_secret`.
"""

import frappe
from frappe import _

from medgrid.clients.shopify.domains import shop_domain
from medgrid.core.faults.borders import hook
from medgrid.core.secrets import forget_secret, mask_passwords, note_typed, password_fields
from medgrid.exoceuticals.settings import PREFIX, SETTINGS
from medgrid.services.desk_messages import show
from medgrid.webhooks.rotation import PREVIOUS, UNTIL, RotatedSecrets

CLIENT, WEBHOOK = f"{PREFIX}client_secret", f"{PREFIX}webhook_secret"
SHOP = f"{PREFIX}shop_domain"
# The app's secret comes first: if both secrets are equal, a webhook to the app must count as one.
SECRETS = RotatedSecrets(SETTINGS, (CLIENT, WEBHOOK))
# Secrets that belong to the store that is connected, not to the app.
OF_STORE = (WEBHOOK, WEBHOOK + PREVIOUS, CLIENT + PREVIOUS)
ENDS = (WEBHOOK + UNTIL, CLIENT + UNTIL)


@hook
def keep_replaced(document, event=None) -> None:
	"""Keeps a replaced secret valid for a time; see `RotatedSecrets.keep_replaced`. `System Settings`' hook
	`before_validate`.

	:param document: the System Settings document.
	"""
	note_typed(document, password_fields(SETTINGS, PREFIX))
	SECRETS.keep_replaced(document)
	before = (frappe.db.get_single_value(SETTINGS, SHOP, cache=False) or "").lower()
	if before and before != _domain(document.get(SHOP)):
		_forget_typed(document, before)


@hook
def mask(document, event=None) -> None:
	"""`System Settings`' on_update: see `mask_passwords`."""
	mask_passwords(document, password_fields(SETTINGS, PREFIX))


def forget_of_store() -> None:
	"""Deletes the webhook secrets of the store, because another one is connected. The caller commits."""
	for name in OF_STORE:
		forget_secret(SETTINGS, SETTINGS, name)
	frappe.db.set_single_value(SETTINGS, dict.fromkeys((*OF_STORE, *ENDS)))


def _domain(written: str | None) -> str:
	"""A domain in its one form; as it was written if it is not one, which `settings_form` refuses."""
	return shop_domain(written or "") or (written or "").strip()


def _forget_typed(document, before: str) -> None:
	"""Takes the secrets of another store out of the form; a secret that is entered with the new domain
	stays."""
	typed = document.get(WEBHOOK)
	if typed and document.is_dummy_password(typed):
		document.set(WEBHOOK, None)
		show(
			_("The webhook secret was removed, because it belongs to {0}. Enter the new store's.").format(
				before
			),
			indicator="orange",
		)
	for name in (*OF_STORE[1:], *ENDS):
		document.set(name, None)
