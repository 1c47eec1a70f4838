"""Pages of lists. Contract: "Pagination". Pure."""

import re
from typing import Any

DEFAULT_PAGE_LENGTH = 20
MAX_PAGE_LENGTH = 500
# No table has more rows, and MariaDB takes no number beyond 64 bits.
MAX_OFFSET = 2**31
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,40}\s*")


def whole_number(value: Any) -> int | None:
	"""The whole number that a value is, or is the text of; None: it is none. True is none."""
	if isinstance(value, float) and value.is_integer():
		return int(value)
	if isinstance(value, str) and _WHOLE.fullmatch(value):
		return int(value)
	return value if isinstance(value, int) and not isinstance(value, bool) else None


def bounded_page_length(value: Any) -> Any:
	"""Limits a page length: Frappe's 0 ("all") and everything above the maximum become the maximum, 500 rows.

	A value that is not a whole number is returned unchanged; the caller's validation rejects it.
	"""
	number = whole_number(value)
	if number is None:
		return value
	return MAX_PAGE_LENGTH if number == 0 or number > MAX_PAGE_LENGTH else number


def offset(value: Any) -> int | None:
	"""The number of rows to skip that a value, or a text, is; None: so many rows cannot be skipped."""
	number = whole_number(value)
	return number if number is not None and 0 <= number <= MAX_OFFSET else None


def page_of(
	limit_start: int | None, limit_page_length: int | None, after: str | None = None
) -> tuple[int, int] | None:
	"""The page that a caller of the catalog requested, as (offset, rows); None if it requested no page.

	:param after: the key of the row after which the list goes on: whoever gives it wants a page.
	"""
	if limit_start is None and limit_page_length is None and after is None:
		return None
	return limit_start or 0, limit_page_length or DEFAULT_PAGE_LENGTH


def total_of_last_page(offset: int, rows: int, found: int) -> int | None:
	"""The number of all rows of a list, if a page of it tells: the page is the last one. None: others follow,
	or nobody can say, so that they must be counted.

	:param offset: the number of rows that were skipped.
	:param rows: the page's maximum length.
	:param found: how many rows it has.
	"""
	return offset + found if found < rows and (found or not offset) else None
