"""The parameters of a list request, and the page that they ask for.

Two things are stricter than ShipStation, so that a mistake shows: a page size above 500, and a parameter
that the simulator does not know. ShipStation ignores a misspelt filter and returns everything.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.errors import InvalidRequest

PAGING = {"page", "pageSize", "sortBy", "sortDir"}
DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 500


class Query:
	def __init__(self, parameters: dict[str, str], known: set[str]):
		self._parameters = parameters
		for name in parameters.keys() - known - PAGING:
			raise InvalidRequest({name: ["The simulator does not know this parameter."]})

	def text(self, name: str) -> str | None:
		return self._parameters.get(name)

	def one_of(self, name: str, choices: tuple[str, ...]) -> str | None:
		value = self.text(name)
		if value is not None and value not in choices:
			raise self._invalid(name)
		return value

	def flag(self, name: str) -> bool:
		return (self.text(name) or "").lower() == "true"

	def moment(self, name: str) -> datetime | None:
		"""A Pacific date, or date and time."""
		value = self.text(name)
		try:
			return clock.parse(value) if value is not None else None
		except ValueError:
			raise self._invalid(name) from None

	def integer(self, name: str, highest: float = math.inf) -> int | None:
		"""A whole number from 1 to `highest`; None when it was not sent."""
		value = self.text(name)
		if value is None:
			return None
		if not value.isdecimal() or not 1 <= int(value) <= highest:
			raise self._invalid(name)
		return int(value)

	def page_of(self, rows: Sequence, name: str, as_json: Callable[[Any], dict]) -> dict:
		"""One page: `{name: […], "total": 3, "page": 1, "pages": 1}`; past the end it is empty."""
		page = self.integer("page") or 1
		size = self.integer("pageSize", LARGEST_PAGE_SIZE) or DEFAULT_PAGE_SIZE
		shown = rows[(page - 1) * size : page * size]
		return {
			name: [as_json(row) for row in shown],
			"total": len(rows),
			"page": page,
			"pages": math.ceil(len(rows) / size),
		}

	def sorted(self, rows: list, columns: dict) -> list:
		"""Sorted by `sortBy`, one of the columns (name: key function); the first is the default."""
		column = self.one_of("sortBy", tuple(columns)) or next(iter(columns))
		descending = (self.text("sortDir") or "").upper() == "DESC"
		return sorted(rows, key=columns[column], reverse=descending)

	def _invalid(self, name: str) -> InvalidRequest:
		return InvalidRequest({name: [f"The value '{self.text(name)}' is not valid."]})


def between(moment: datetime, start: datetime | None, end: datetime | None) -> bool:
	"""Whether a moment lies in a range whose ends belong to it; None is an open end."""
	return (start is None or moment >= start) and (end is None or moment <= end)
