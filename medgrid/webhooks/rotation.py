"""Secrets of a Single that stay good for a while after an administrator has replaced them.

For an hour after a rotation Shopify may still sign with the old secret, and for four hours it retries what
was signed before: the one before stays good for six hours. The Single has two hidden fields beside each
secret: `…_previous` (Password) and `…_until` (Datetime, UTC).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from frappe.utils.password import decrypt

from medgrid.core.clock import is_ahead, stored_utc_now
from medgrid.core.secrets import read_secret
from medgrid.webhooks import statements

PREVIOUS, UNTIL = "_previous", "_until"
OVERLAP = timedelta(hours=6)


@dataclass(frozen=True)
class GoodSecrets:
	"""
	:param secrets: the field that each belongs to, and the secret: the present one and the one before.
	:param values: the other fields that were asked for; without those that hold nothing.
	"""

	secrets: tuple[tuple[str, str], ...] = field(repr=False)
	values: Mapping[str, str]


@dataclass(frozen=True)
class RotatedSecrets:
	"""
	:param doctype: the Single.
	:param fields: the Password fields.
	"""

	doctype: str
	fields: tuple[str, ...]

	def good_now(self, *others: str) -> GoodSecrets:
		"""As the Single is now, in one query: every webhook asks.

		:param others: fields that are read along.
		"""
		secrets = (*self.fields, *(name + PREVIOUS for name in self.fields))
		stored = statements.settings(
			self.doctype, secrets, (*others, *(name + UNTIL for name in self.fields))
		)
		values = {name: stored[name] for name in others if name in stored}
		return GoodSecrets(tuple(self._good(stored)), values)

	def keep_replaced(self, document: Any) -> None:
		"""The Single's before_validate, when its fields hold what was typed, or asterisks for no change, and
		the database what was before. A secret that is taken out without another in its place is good no more.
		"""
		for name in self.fields:
			typed = document.get(name)
			if typed and document.is_dummy_password(typed):
				continue
			stored = read_secret(self.doctype, self.doctype, name)
			before = stored.get_secret_value() if stored else None
			if before == (typed or None):
				continue
			keeps = bool(before and typed)
			document.set(name + PREVIOUS, before if keeps else None)
			document.set(name + UNTIL, stored_utc_now() + OVERLAP if keeps else None)

	def _good(self, stored: Mapping[str, str]) -> Iterator[tuple[str, str]]:
		for name in self.fields:
			if name in stored:
				yield name, _decrypted(stored[name])
			if name + PREVIOUS in stored and is_ahead(stored.get(name + UNTIL)):
				yield name, _decrypted(stored[name + PREVIOUS])


@lru_cache(maxsize=16)
def _decrypted(secret: str) -> str:
	"""A secret that changes is another one when encrypted, so this is never out of date."""
	return decrypt(secret)
