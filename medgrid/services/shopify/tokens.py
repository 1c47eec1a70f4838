"""Stores the tokens of an installation at a Shopify store on the record that the store has in MedGrid.

A `medgrid.clients.shopify.oauth.tokens.TokenStore`. Both of its methods run in a transaction of their own, so
that they see tokens which another worker stored meanwhile, and new tokens stay whatever becomes of the
caller's changes. A caller that has changed nothing has no row locked during a request to Shopify.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import frappe
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.clients.shopify.responses import SERVICE
from medgrid.core.clock import from_stored_utc
from medgrid.core.secrets import read_secret
from medgrid.core.transactions import apart_from_caller, locked_row
from medgrid.http_client.errors import CredentialsRejected


@dataclass(frozen=True)
class TokenFields:
	"""Where a DocType has the tokens.

	:param installation: the field that differs with each installation.
	"""

	doctype: str
	installation: str
	access: str
	refresh: str
	expires_at: str
	scopes: str = "scopes"

	def names(self) -> tuple[str, ...]:
		"""All of them."""
		return self.installation, self.access, self.refresh, self.expires_at, self.scopes


class ShopTokens(ABC):
	"""The tokens of one installation: once it ends, or another one begins, they are gone.

	:param name: the record's.
	:param installation: the value of the installation's field.
	"""

	fields: TokenFields
	# Why there are no tokens any more.
	ended: str

	def __init__(self, name: str, installation: str | None):
		self.name, self.installation = name, installation

	@abstractmethod
	def write(self, pair: TokenPair, scopes: str) -> None:
		"""Writes new tokens, within the caller's transaction, which has locked the record.

		:param scopes: as they are stored; those before if the pair says none.
		"""

	def load(self) -> TokenPair:
		"""Reads the current tokens.

		:raises CredentialsRejected: the installation has ended, or another one has begun.
		"""
		return apart_from_caller(self._load)

	def save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		"""Stores new tokens, unless another worker has replaced the same tokens already.

		:param replacing: the tokens that were refreshed.
		:returns: the stored tokens: `pair`, or the other worker's.
		:raises CredentialsRejected: the installation has ended, or another one has begun.
		"""
		return apart_from_caller(lambda: self._save(pair, replacing))

	def _load(self) -> TokenPair:
		fields = self.fields
		row = frappe.db.get_value(fields.doctype, self.name, fields.names(), as_dict=True)
		self._check(row)
		expires_at = row[fields.expires_at]
		return TokenPair(
			access_token=self._secret(fields.access),
			scopes=tuple((row[fields.scopes] or "").split(",")),
			refresh_token=self._secret(fields.refresh) if row[fields.refresh] else None,
			expires_at=from_stored_utc(expires_at) if expires_at else None,
		)

	def _save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		fields = self.fields
		row = locked_row(fields.doctype, self.name, fields.names())
		self._check(row)
		if self._secret(fields.refresh) != replacing.refresh_token:
			return self._load()
		self.write(pair, ",".join(pair.scopes) or row[fields.scopes] or "")
		return pair

	def _check(self, row: Any) -> None:
		fields = self.fields
		if not row or not row[fields.access] or row[fields.installation] != self.installation:
			raise CredentialsRejected(self.ended, service=SERVICE)

	def _secret(self, field: str) -> SecretStr:
		secret = read_secret(self.fields.doctype, self.name, field)
		if secret is None:
			raise CredentialsRejected("there is no token any more", service=SERVICE)
		return secret
