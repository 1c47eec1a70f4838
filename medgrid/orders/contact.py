"""Chooses what can be used of the phone numbers and e-mail addresses that people write into a field. Pure."""

import re
from collections.abc import Iterable
from email.utils import parseaddr

from medgrid.core.phones import e164

# The longest address that mail servers accept.
MAX_EMAIL = 254
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_BETWEEN_EMAILS = re.compile(r"[,;\n\r]")
_BEFORE_PHONE = re.compile(r"^[^\d+(]+")
_BETWEEN_PHONES = re.compile(r"[/,;|\n\r]|\bor\b|\band\b|\boder\b|\bou\b")


def first_email(text: str | None) -> str | None:
	"""Returns the first e-mail address of several.

	:param text: e.g. "buyer@example.com, Ann Lee <ann@example.com>".
	:returns: None if none of them is one.
	"""
	candidates = (parseaddr(part)[1] for part in _BETWEEN_EMAILS.split(text or ""))
	return next((found for found in candidates if _is_email(found)), None)


def _is_email(text: str) -> bool:
	local = text.partition("@")[0]
	is_dotted = not (local.startswith(".") or local.endswith(".") or ".." in local)
	return len(text) <= MAX_EMAIL and is_dotted and _EMAIL.fullmatch(text) is not None


def first_phone(numbers: Iterable[str], country_code: str) -> str | None:
	"""Returns the first phone number that can be read, as a person wrote it; None if there is none.

	:param numbers: texts that people wrote into fields for phone numbers; one may have several of them.
	:param country_code: the country of numbers without a country prefix, in two letters.
	"""
	single = (part for number in numbers for part in (number, *_BETWEEN_PHONES.split(number)))
	readable = (_BEFORE_PHONE.sub("", part).strip() for part in single if e164(part, country_code))
	return next(readable, None)
