"""Stores a vendor's access and refresh tokens on their Vendor Connection."""

import frappe
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.clients.shopify.responses import SERVICE
from medgrid.core.clock import from_stored_utc, stored_utc
from medgrid.core.secrets import MASK, read_secret, write_secret
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.http_client.errors import CredentialsRejected
from medgrid.integrations.connections import DOCTYPE, Connection

FIELDS = ("account", "access_token", "refresh_token", "token_expires_at", "scopes")


class VendorTokenStore:
	"""The tokens of one installation: after the vendor disconnects or connects again, they are gone.

	Both methods end the transaction, so that they see tokens which another worker stored meanwhile, and so
	that no row stays locked during a request to Shopify.
	"""

	def __init__(self, connection: Connection):
		self.connection = connection

	def load(self) -> TokenPair:
		"""Reads the current tokens.

		:raises CredentialsRejected: the connection was disconnected or connected again.
		"""
		return in_transaction(self._load)

	def _load(self) -> TokenPair:
		row = frappe.db.get_value(DOCTYPE, self.connection.name, FIELDS, as_dict=True)
		self._check(row)
		return TokenPair(
			access_token=self._secret("access_token"),
			scopes=tuple((row.scopes or "").split(",")),
			refresh_token=self._secret("refresh_token") if row.refresh_token else None,
			expires_at=from_stored_utc(row.token_expires_at) if row.token_expires_at else None,
		)

	def save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		"""Stores new tokens, unless another worker has replaced the same tokens already.

		:param replacing: the tokens that were refreshed.
		:returns: the stored tokens: `pair`, or the other worker's.
		:raises CredentialsRejected: the connection was disconnected or connected again.
		"""
		return in_transaction(lambda: self._save(pair, replacing))

	def _save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		row = locked_row(DOCTYPE, self.connection.name, FIELDS)
		self._check(row)
		if self._secret("refresh_token") != replacing.refresh_token:
			return self._load()
		secrets, details = stored_form(pair)
		masks = dict.fromkeys(secrets, MASK)
		frappe.db.set_value(DOCTYPE, self.connection.name, {**masks, **details})
		for key, secret in secrets.items():
			write_secret(DOCTYPE, self.connection.name, key, secret)
		return pair

	def _check(self, row) -> None:
		if not row or not row.access_token or row.account != self.connection.account:
			raise CredentialsRejected("the connection was disconnected or connected again", service=SERVICE)

	def _secret(self, key: str) -> SecretStr:
		secret = read_secret(DOCTYPE, self.connection.name, key)
		if secret is None:
			raise CredentialsRejected("the connection no longer has a token", service=SERVICE)
		return secret


def stored_form(pair: TokenPair) -> tuple[dict[str, SecretStr], dict]:
	"""Converts tokens to a Vendor Connection's secrets and other fields."""
	secrets = {"access_token": pair.access_token}
	if pair.refresh_token:
		secrets["refresh_token"] = pair.refresh_token
	expires_at = stored_utc(pair.expires_at) if pair.expires_at else None
	return secrets, {"scopes": ",".join(pair.scopes), "token_expires_at": expires_at}
