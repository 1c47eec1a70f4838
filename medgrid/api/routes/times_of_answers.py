"""The times in Frappe's answers to programs are UTC, to the second; and what MedGrid alone reads is left out.

Frappe's values are times until it writes them as text, whatever they are called: so lists without names, sums
and reports are told as well. A text is a time where its field says so. See `time_fields`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

import frappe
from frappe.utils.response import json_handler

from medgrid.api.commands import requested_command
from medgrid.api.routes.time_fields import (
	IN_UTC,
	Column,
	columns_of,
	doctype_of,
	sent_text,
	speaks_site_time,
	times_of,
)
from medgrid.core.faults.borders import hook
from medgrid.services.callers import is_program

# Frappe's names for what a list or a value consists of.
FIELDS = ("fields", "fieldname", "field")
# Keys of an answer with one value only.
ANSWERS = ("message", "data")


@hook
def apply(response: Any, request: Any) -> None:
	"""Converts the times of an answer. An `after_request` hook.

	:param response: werkzeug's, about to be sent; None: Frappe 15 sends one that hooks do not see.
	:param request: werkzeug's.
	"""
	if response is None or response.status_code != 200 or response.mimetype != "application/json":
		return
	parameters = frappe.local.form_dict or {}
	if not is_program() or not speaks_site_time(request, requested_command(request.path, parameters)):
		return
	doctype = doctype_of(request, parameters)
	asked = next((parameters[name] for name in FIELDS if parameters.get(name)), None)
	mark = frappe.generate_hash(length=16)
	content = _marked_content(response, mark)
	if isinstance(content, dict | list):
		AnswerTimes(mark, columns_of(doctype, asked)).write(content, doctype)
		response.set_data(json.dumps(content, separators=(",", ":"), ensure_ascii=False))


def _marked_content(response: Any, mark: str) -> Any:
	"""The answer, in which the texts that are times begin with a mark."""
	content = json.loads(response.get_data() or "null")
	answer = frappe.local.response
	if not isinstance(content, dict) or not answer or content.keys() != answer.keys():
		# The method has made its answer itself.
		return content
	try:
		return json.loads(json.dumps(answer, default=partial(_marked, mark), allow_nan=False))
	except (TypeError, ValueError):
		return content


def _marked(mark: str, value: Any) -> Any:
	if isinstance(value, datetime):
		return f"{mark}{value}"
	if isinstance(value, Iterator):
		raise TypeError("it was read when the answer was written")
	return json_handler(value)


class AnswerTimes:
	"""Writes the times of an answer.

	:param mark: what texts begin with that are times.
	:param columns: of the list that was asked for.
	"""

	def __init__(self, mark: str, columns: list[Column]):
		self.mark, self.columns = mark, columns
		self.by_key = {column.key: column for column in columns}
		self.times_of = cache(times_of)

	def write(self, content: Any, doctype: str) -> None:
		"""
		:param doctype: of the documents in it.
		"""
		waiting: list[tuple[Any, str, Mapping[str, Column], list[Column]]] = [
			(content, doctype, self.by_key, self.columns)
		]
		while waiting:
			value, named, by_key, places = waiting.pop()
			if isinstance(value, list):
				self._write_list(value, places)
				waiting += [(each, named, by_key, places) for each in value if isinstance(each, dict | list)]
				continue
			own = value.get("doctype")
			named = own if isinstance(own, str) else named
			if table := _table(value):
				places, by_key = table, {column.key: column for column in table}
			elif keys := _keys(value):
				places = columns_of(named, keys)
			self._write_object(value, named, by_key)
			targets = self.times_of(named).tables
			waiting += [
				(each, targets.get(key, named), by_key, places)
				for key, each in value.items()
				if isinstance(each, dict | list)
			]

	def _write_list(self, values: list, places: list[Column]) -> None:
		is_row = len(values) == len(places)
		for place, each in enumerate(values):
			column = places[place] if is_row else None
			values[place] = None if column and column.is_hidden else self._text(each, column)

	def _write_object(self, value: dict, doctype: str, by_key: Mapping[str, Column]) -> None:
		times = self.times_of(doctype)
		for key, each in list(value.items()):
			column = by_key.get(key)
			if column is None and key in ANSWERS and len(self.columns) == 1:
				column = self.columns[0]
			if key in times.hidden or (column and column.is_hidden):
				del value[key]
			else:
				value[key] = self._text(each, column or Column(key, times.fields.get(key)))

	def _text(self, value: Any, column: Column | None) -> Any:
		if not isinstance(value, str):
			return value
		in_utc = column.in_utc if column else None
		if value.startswith(self.mark):
			return sent_text(value.removeprefix(self.mark), in_utc=bool(in_utc))
		return value if in_utc is None else sent_text(value, in_utc=in_utc)


def _keys(value: dict) -> list[str]:
	"""The names of the rows of a list view, which have none themselves."""
	keys, rows = value.get("keys"), value.get("values")
	return [str(key) for key in keys] if isinstance(keys, list) and isinstance(rows, list) else []


def _table(value: dict) -> list[Column]:
	"""The columns of a report."""
	columns, rows = value.get("columns"), value.get("result")
	if not isinstance(columns, list) or not isinstance(rows, list):
		return []
	return list(map(_report_column, columns))


def _report_column(column: Any) -> Column:
	"""A report's column: an object, or `Label:Type:Width`."""
	if isinstance(column, dict):
		label, kind = str(column.get("label") or ""), column.get("fieldtype")
		key = str(column.get("fieldname") or label)
	else:
		label, _colon, kind = str(column).partition(":")
		key, kind = label, str(kind).partition(":")[0].partition("/")[0]
	in_utc = label.endswith(IN_UTC)
	return Column(key, in_utc if in_utc or kind == "Datetime" else None)
