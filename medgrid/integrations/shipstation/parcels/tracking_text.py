"""The text of a Delivery Note's tracking field: the numbers of its parcels, and what people wrote. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

# The width of `lr_no`.
MAX_LENGTH = 140
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class Edited:
	"""A changed text.

	:param written: the numbers that stand in it and were to be added; one that did not fit is not among them.
	"""

	text: str
	written: frozenset[str]


def numbers_in(text: str | None) -> frozenset[str]:
	"""What may be a tracking number in a text: what stands between commas, and each word."""
	return frozenset({*_parts(text), *_WORD.findall(text or "")})


def edit(text: str | None, removed: Collection[str], added: Iterable[str]) -> Edited:
	"""Takes numbers out of a text and adds others. Everything else in it is somebody's own words, and stays.

	:param removed: taken out where they stand alone between commas.
	:param added: appended in this order, each once, and only those that fit.
	"""
	result, written = _without(text or "", removed), set()
	for number in dict.fromkeys(added):
		longer = f"{result}, {number}" if result else number
		if number not in numbers_in(result):
			if len(longer) > MAX_LENGTH:
				continue
			result = longer
		written.add(number)
	return Edited(result, frozenset(written))


def _parts(text: str | None) -> list[str]:
	return [part.strip() for part in (text or "").split(",") if part.strip()]


def _without(text: str, removed: Collection[str]) -> str:
	if not set(removed).intersection(_parts(text)):
		return text
	return ",".join(part for part in text.split(",") if part.strip() not in removed).strip()
