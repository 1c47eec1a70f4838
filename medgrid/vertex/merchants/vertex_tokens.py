"""Keeps a merchant's access token for Vertex on the Vertex Merchant, for all workers.

See docs/adr/0033-vertex-tokens-are-few.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from medgrid.clients.vertex.access_tokens import LOCK_SECONDS, AccessToken
from medgrid.core.clock import from_stored_utc, stored_utc
from medgrid.core.redis_keys import redis_key
from medgrid.core.secrets import MASK, read_secret, write_secret
from medgrid.core.transactions import in_own_connection
from medgrid.core.waiting.locks import redis_lock
from medgrid.core.waiting.patience import Patience
from medgrid.vertex.merchants.fields import DOCTYPE

FIELD, EXPIRES_AT = "vertex_token", "vertex_token_expires_at"
# Vertex issues a token for these.
_PRINCIPAL = ("client_id", "deployment", "host")


class MerchantTokens:
	"""The token of one merchant's stored credentials: a `TokenStore`.

	It is written in a transaction of its own, because a token must not be lost with the caller's work: the
	provider issues few. It is stored only while the merchant has the credentials for which it was issued.

	:param principal: the merchant's client ID, deployment and host, for which tokens are requested.
	"""

	def __init__(self, merchant: str, principal: tuple[str, str, str | None]):
		self.merchant, self.principal = merchant, principal

	def load(self) -> AccessToken | None:
		row = frappe.db.get_value(DOCTYPE, self.merchant, [*_PRINCIPAL, FIELD, EXPIRES_AT], as_dict=True)
		if not row or not row[FIELD] or not row[EXPIRES_AT] or not self._is_same(row):
			return None
		value = read_secret(DOCTYPE, self.merchant, FIELD)
		return AccessToken(value, from_stored_utc(row[EXPIRES_AT])) if value else None

	def load_latest(self) -> AccessToken | None:
		return in_own_connection(self.load)

	def save(self, token: AccessToken) -> None:
		in_own_connection(lambda: self._save(token))

	@contextmanager
	def lock(self, wait_seconds: float, patience: Patience) -> Iterator[bool]:
		key = redis_key("vertex", frappe.conf.db_name, "token lock", self.merchant)
		lock = redis_lock(
			frappe.cache, key, seconds=LOCK_SECONDS, wait_seconds=wait_seconds, patience=patience
		)
		with lock as acquired:
			yield acquired

	def _save(self, token: AccessToken) -> None:
		row = frappe.db.get_value(DOCTYPE, self.merchant, _PRINCIPAL, as_dict=True, for_update=True)
		if row and self._is_same(row):
			store_token(self.merchant, token)

	def _is_same(self, row) -> bool:
		return (row.client_id, row.deployment, row.host or None) == self.principal


def store_token(merchant: str, token: AccessToken) -> None:
	"""Writes a token to a Vertex Merchant, e.g. with the credentials that were tested with it. The caller
	commits."""
	values = {FIELD: MASK, EXPIRES_AT: stored_utc(token.expires_at)}
	frappe.db.set_value(DOCTYPE, merchant, values, update_modified=False)
	write_secret(DOCTYPE, merchant, FIELD, token.value)
