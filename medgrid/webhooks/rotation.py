"""Secrets of a Single that stay valid for six hours after an administrator has replaced them.

For an hour after a rotation Shopify may still sign with the previous secret, and for four hours it repeats
webhooks that it signed before. The Single has two hidden fields for each secret: `…_previous` (Password) and
`…_until` (Datetime, UTC).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from frappe.utils.password import decrypt

from medgrid.core.clock import is_ahead, stored_utc_now
from medgrid.core.secrets import note_secret, read_secret
from medgrid.webhooks import statements

PREVIOUS, UNTIL = "_previous", "_until"
OVERLAP = timedelta(hours=6)


@dataclass(frozen=True)
class GoodSecrets:
	"""The secrets that are valid now.

	:param secrets: pairs of fieldname and secret, for the current secrets and the valid previous ones.
	:param values: the other requested fields by fieldname, without empty ones.
	"""

	secrets: tuple[tuple[str, str], ...] = field(repr=False)
	values: Mapping[str, str]


@dataclass(frozen=True)
class RotatedSecrets:
	"""The secrets of a Single.

	:param doctype: the Single.
	:param fields: the Password fields.
	"""

	doctype: str
	fields: tuple[str, ...]

	def good_now(self, *others: str) -> GoodSecrets:
		"""Reads the valid secrets. It needs only one query, because every webhook calls it.

		:param others: other fields of the Single to read in the same query.
		"""
		secrets = (*self.fields, *(name + PREVIOUS for name in self.fields))
		stored = statements.settings(
			self.doctype, secrets, (*others, *(name + UNTIL for name in self.fields))
		)
		values = {name: stored[name] for name in others if name in stored}
		return GoodSecrets(tuple(self._good(stored)), values)

	def keep_replaced(self, document: Any) -> None:
		"""Keeps the secrets that an administrator replaces. The Single calls it in `before_validate`.

		At that time the fields contain the typed values, or asterisks for unchanged secrets, and the database
		contains the previous values. A secret that is removed without a replacement is no longer valid.
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
				yield name, _noted(stored[name])
			if name + PREVIOUS in stored and is_ahead(stored.get(name + UNTIL)):
				yield name, _noted(stored[name + PREVIOUS])


def _noted(secret: str) -> str:
	note_secret(value := _decrypted(secret))
	return value


@lru_cache(maxsize=16)
def _decrypted(secret: str) -> str:
	"""Cached by the encrypted value, which differs for every secret, so the cache is never out of date."""
	return decrypt(secret)
