"""Pages of lists. Contract: "Pagination"."""

from typing import Any

DEFAULT_PAGE_LENGTH = 20
MAX_PAGE_LENGTH = 500
# No table has more rows, and MariaDB takes no number beyond 64 bits.
MAX_OFFSET = 2**31


def bounded_page_length(value: Any) -> Any:
	"""Limits a page length: Frappe's 0 ("all") and everything above the maximum become the maximum, 500 rows.

	A value that is not a whole number is returned unchanged; the caller's validation rejects it.
	"""
	try:
		number = int(value)
		if number != float(value):
			return value
	except (TypeError, ValueError, OverflowError):
		return value
	return MAX_PAGE_LENGTH if number == 0 or number > MAX_PAGE_LENGTH else number


def is_offset(value: Any) -> bool:
	"""Whether a value, or a text, is a number of rows that can be skipped."""
	if isinstance(value, bool) or not isinstance(value, int | str):
		return False
	text = str(value).strip()
	return text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= MAX_OFFSET


def page_of(
	limit_start: int | None, limit_page_length: int | None, after: str | None = None
) -> tuple[int, int] | None:
	"""The page that a caller of the catalog requested, as (offset, rows); None if it requested no page.

	:param after: the key of the row after which the list goes on: whoever gives it wants a page.
	"""
	if limit_start is None and limit_page_length is None and after is None:
		return None
	return limit_start or 0, limit_page_length or DEFAULT_PAGE_LENGTH
