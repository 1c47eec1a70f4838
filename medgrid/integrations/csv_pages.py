"""A vendor's lists as CSV files: in UTF-8, read page by page, and bounded."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

# The most rows in a file, and how many are read together.
MOST, TOGETHER = 20_000, 500
# Spreadsheets take a file for UTF-8 if it begins with this mark.
MARK = "\ufeff"


def csv_text(
	heads: Sequence[str], page: Callable[[int, int], list[Any]], row: Callable[[Any], Sequence[Any]]
) -> str:
	"""The text of a CSV file with the first MOST entries of a list.

	:param heads: of the columns.
	:param page: takes an offset and a number; returns so many entries from there on, or fewer at the end.
	:param row: an entry's values, one for each column.
	"""
	file = io.StringIO()
	writer = csv.writer(file)
	writer.writerow(heads)
	writer.writerows(row(entry) for entry in _entries(page))
	return MARK + file.getvalue()


def _entries(page: Callable[[int, int], list[Any]]) -> Iterator[Any]:
	for offset in range(0, MOST, TOGETHER):
		entries = page(offset, TOGETHER)
		yield from entries
		if len(entries) < TOGETHER:
			return
