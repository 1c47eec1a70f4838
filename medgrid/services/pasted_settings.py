"""Values that an administrator pastes into settings: a copied secret often has a blank or a line end around
it, and with it every signature would be wrong."""

import unicodedata
from collections.abc import Iterable

from frappe import _

from medgrid.services.desk_messages import refuse

# A header carries no other characters.
_PRINTABLE = frozenset(map(chr, range(0x21, 0x7F)))


def trim(text: str) -> str:
	"""Removes blanks, line ends and invisible characters around a text."""
	return text.strip(
		"".join(char for char in set(text) if char.isspace() or unicodedata.category(char) in ("Cc", "Cf"))
	)


def is_secret(text: str) -> bool:
	"""Whether a text can be a key or a secret: printable ASCII without blanks, as a header can carry it."""
	return _PRINTABLE.issuperset(text)


def tidy_settings(document, *, texts: Iterable[str] = (), secrets: Iterable[str] = ()) -> None:
	"""Trims settings, before they are saved.

	:param document: the settings' document.
	:param texts: names of fields that hold one line of text.
	:param secrets: names of fields that hold a key or a secret.
	:raises frappe.ValidationError: a secret has characters that no secret has.
	"""
	for name in (*texts, *secrets):
		if isinstance(value := document.get(name), str):
			document.set(name, trim(value))
	for name in secrets:
		value = document.get(name)
		if isinstance(value, str) and not is_secret(value):
			refuse(
				_(
					"{0} contains a blank or a character that no key has. Copy it again, without "
					"the text around it."
				).format(document.meta.get_label(name))
			)
