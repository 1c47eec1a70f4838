"""The secrets that sign the webhooks of the Exoceuticals store.

Shopify signs webhooks that were created in its Admin with the shop's webhook secret. It signs webhooks that
MedGrid registers, and webhooks to the app itself, with the app's client secret.

Contract: "Required Headers (sent by Shopify)", `exoceuticals_webhook_secret`.
"""

from medgrid.core.faults.borders import hook
from medgrid.core.secrets import mask_passwords, note_typed, password_fields
from medgrid.exoceuticals.settings import PREFIX, SETTINGS
from medgrid.webhooks.rotation import RotatedSecrets

CLIENT = f"{PREFIX}client_secret"
SHOP = f"{PREFIX}shop_domain"
# The app's secret comes first: if both secrets are equal, a webhook to the app must count as one.
SECRETS = RotatedSecrets(SETTINGS, (CLIENT, f"{PREFIX}webhook_secret"))


@hook
def keep_replaced(document, event=None) -> None:
	"""Keeps a replaced secret valid for a time; see `RotatedSecrets.keep_replaced`. `System Settings`' hook
	`before_validate`.

	:param document: the System Settings document.
	"""
	note_typed(document, password_fields(SETTINGS, PREFIX))
	SECRETS.keep_replaced(document)


@hook
def mask(document, event=None) -> None:
	"""`System Settings`' on_update: see `mask_passwords`."""
	mask_passwords(document, password_fields(SETTINGS, PREFIX))
