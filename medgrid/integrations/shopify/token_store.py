"""Stores a vendor's access and refresh tokens on their Vendor Connection."""

import frappe
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.core.clock import stored_utc
from medgrid.core.secrets import MASK, write_secret
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.services.shopify.tokens import ShopTokens, TokenFields


class VendorTokenStore(ShopTokens):
	"""The tokens of one installation: after the vendor disconnects or connects again, they are gone."""

	fields = TokenFields(DOCTYPE, "account", "access_token", "refresh_token", "token_expires_at")
	ended = "the connection was disconnected or connected again"

	def __init__(self, connection: Connection):
		super().__init__(connection.name, connection.account)

	def write(self, pair: TokenPair, scopes: str) -> None:
		secrets, details = stored_form(pair)
		masks = dict.fromkeys(secrets, MASK)
		frappe.db.set_value(DOCTYPE, self.name, {**masks, **details, "scopes": scopes})
		for key, secret in secrets.items():
			write_secret(DOCTYPE, self.name, key, secret)


def stored_form(pair: TokenPair) -> tuple[dict[str, SecretStr], dict]:
	"""Converts tokens to a Vendor Connection's secrets and other fields."""
	secrets = {"access_token": pair.access_token}
	if pair.refresh_token:
		secrets["refresh_token"] = pair.refresh_token
	expires_at = stored_utc(pair.expires_at) if pair.expires_at else None
	return secrets, {"scopes": ",".join(pair.scopes), "token_expires_at": expires_at}
