"""A vendor's pair of tokens, as their Vendor Connection keeps it."""

from datetime import datetime, timezone

import frappe
from frappe.utils.password import get_decrypted_password, set_encrypted_password
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.clients.shopify.responses import SERVICE
from medgrid.core.redaction import MASK
from medgrid.http_client.errors import CredentialsRejected
from medgrid.integrations.connections import DOCTYPE, Connection

FIELDS = ("account", "access_token", "refresh_token", "token_expires_at", "scopes")


class VendorTokenStore:
	"""The pair of one connecting: after a disconnect, or a new connecting, there is none any more.

	Both methods end the transaction: what another worker stored meanwhile must be seen, and no row may stay
	locked while Shopify is asked.
	"""

	def __init__(self, connection: Connection):
		self.connection = connection

	def load(self) -> TokenPair:
		"""
		:raises CredentialsRejected: the connection was disconnected or made anew.
		"""
		frappe.db.commit()
		row = frappe.db.get_value(DOCTYPE, self.connection.name, FIELDS, as_dict=True)
		self._check(row)
		return TokenPair(
			access_token=self._secret("access_token"),
			scopes=tuple((row.scopes or "").split(",")),
			refresh_token=self._secret("refresh_token") if row.refresh_token else None,
			expires_at=_aware(row.token_expires_at),
		)

	def save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		"""
		:raises CredentialsRejected: the connection was disconnected or made anew: the pair is of no use.
		"""
		frappe.db.commit()
		row = frappe.db.get_value(DOCTYPE, self.connection.name, FIELDS, as_dict=True, for_update=True)
		self._check(row)
		if self._secret("refresh_token") != replacing.refresh_token:
			frappe.db.rollback()
			return self.load()
		secrets, details = stored_form(pair)
		masks = dict.fromkeys(secrets, MASK)
		frappe.db.set_value(DOCTYPE, self.connection.name, {**masks, **details})
		for key, secret in secrets.items():
			set_encrypted_password(DOCTYPE, self.connection.name, secret.get_secret_value(), key)
		frappe.db.commit()
		return pair

	def _check(self, row) -> None:
		if not row or not row.access_token or row.account != self.connection.account:
			frappe.db.rollback()
			raise CredentialsRejected("the connection was disconnected or made anew", service=SERVICE)

	def _secret(self, key: str) -> SecretStr:
		return SecretStr(get_decrypted_password(DOCTYPE, self.connection.name, key))


def stored_form(pair: TokenPair) -> tuple[dict[str, SecretStr], dict]:
	"""A pair as a Vendor Connection's secrets and other fields."""
	secrets = {"access_token": pair.access_token}
	if pair.refresh_token:
		secrets["refresh_token"] = pair.refresh_token
	expires_at = pair.expires_at.replace(tzinfo=None) if pair.expires_at else None
	return secrets, {"scopes": ",".join(pair.scopes), "token_expires_at": expires_at}


def _aware(stored: datetime | str | None) -> datetime | None:
	return frappe.utils.get_datetime(stored).replace(tzinfo=timezone.utc) if stored else None
