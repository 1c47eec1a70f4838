"""The secrets that sign the webhooks of the Exoceuticals store.

Those made in Shopify's Admin are signed with the shop's webhook secret, those that MedGrid registers, and
those to the app itself, with the app's client secret. Contract: "Required Headers (sent by Shopify)",
`exoceuticals_webhook_secret`.
"""

from medgrid.exoceuticals.settings import PREFIX, SETTINGS
from medgrid.webhooks.rotation import RotatedSecrets

CLIENT = f"{PREFIX}client_secret"
SHOP = f"{PREFIX}shop_domain"
# The app's first: where both are the same text, a webhook to the app must pass for one.
SECRETS = RotatedSecrets(SETTINGS, (CLIENT, f"{PREFIX}webhook_secret"))


def keep_replaced(document, event=None) -> None:
	"""`System Settings`' before_validate: see `RotatedSecrets.keep_replaced`."""
	SECRETS.keep_replaced(document)
