"""The times in the filters of a program: UTC, to the second, as it reads them. See `time_fields`."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import (
	add_to_date,
	get_datetime,
	get_first_day,
	get_first_day_of_week,
	get_last_day,
	get_last_day_of_week,
	get_quarter_ending,
	get_quarter_start,
	get_year_ending,
	get_year_start,
)
from pypika.terms import Criterion

from medgrid.api.routes.time_fields import TIME, Column, column_of, stored_text
from medgrid.core.clock import utc_now
from medgrid.exceptions import InvalidInput

COMPARE = {"<", ">="}
# Whether a time is one of several, or none of them.
AMONG = {"in": "in", "not in": "not in", "!=": "not in"}
# More seconds are not looked up, and no more stored times.
MAX_SECONDS, MAX_STORED = 100, 5_000
# What a `like` for a time begins with: a year, or more of it.
BEGINNING = re.compile(r"\d{4}(-\d\d(-\d\d([ T]\d\d(:\d\d(:\d\d)?)?)?)?)?", re.ASCII)
FIRST, LAST = "0000-01-01 00:00:00", "0000-12-31 23:59:59"
# What a program read for the same second is in, or is not.
ENDS = {">", "<="}
# The beginning and the end of Frappe's units, and one of them.
UNITS: dict[str, tuple[Any, Any, dict[str, int]]] = {
	"week": (get_first_day_of_week, get_last_day_of_week, {"days": 7}),
	"month": (get_first_day, get_last_day, {"months": 1}),
	"quarter": (get_quarter_start, get_quarter_ending, {"months": 3}),
	"year": (get_year_start, get_year_ending, {"years": 1}),
}
DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


def read_filters(filters: Any, doctype: str) -> None:
	"""Changes the times of filters, in any form that Frappe takes, to what is stored.

	:param filters: an object or a list.
	:param doctype: what they are of.
	:raises InvalidInput: a time is compared with what is none.
	"""
	if isinstance(filters, dict):
		for fieldname, condition in filters.items():
			filters[fieldname] = _read_entry(doctype, fieldname, condition)
		return
	for condition in _conditions(filters):
		of, at = (condition[0], 1) if len(condition) > 3 else (doctype, 0)
		condition[at + 1 : at + 3] = _read(of, *condition[at : at + 3])


def read_report_filters(filters: Any) -> None:
	"""Changes the times in the filters of a report, whose fields only the report knows."""
	if isinstance(filters, dict):
		for name, value in filters.items():
			match = TIME.fullmatch(value) if isinstance(value, str) else None
			if match and match["clock"]:
				filters[name] = stored_text(value, in_utc=False)


def _conditions(filters: list) -> Iterator[list]:
	"""The conditions in a list; Frappe 16 knows lists of lists, with `and` and `or` between them."""
	waiting = [filters]
	while waiting:
		each = waiting.pop()
		inner = [entry for entry in each if isinstance(entry, list)]
		if len(each) >= 3 and all(isinstance(entry, str) for entry in each[: min(3, len(each) - 1)]):
			yield each
		else:
			waiting += inner


def _read_entry(doctype: str, fieldname: Any, condition: Any) -> Any:
	if isinstance(condition, list):
		return _read(doctype, fieldname, *condition) if len(condition) == 2 else condition
	operator, value = _read(doctype, fieldname, "=", condition)
	return value if operator == "=" else [operator, value]


def _read(doctype: Any, fieldname: Any, operator: Any, value: Any) -> list:
	unchanged = [operator, value]
	if not all(isinstance(each, str) for each in (doctype, fieldname, operator)):
		return unchanged
	column = column_of(doctype, fieldname)
	in_utc = column.in_utc
	if in_utc is None:
		return unchanged
	_check(fieldname, operator.strip().lower(), value)
	match operator.strip().lower():
		case "between" if isinstance(value, list) and len(value) == 2:
			return [operator, _range(value, in_utc)]
		case "timespan" if isinstance(value, str) and (span := timespan(value, utc_now().date())):
			return ["between", _range([str(day) for day in span], in_utc)]
		case "=" if _is_second(value):
			return ["between", _range([value, value], in_utc)]
		case "like" if isinstance(value, str) and (ends := _ends_of(value)):
			return ["between", _range(ends, in_utc)]
		case known if known in AMONG:
			given = value.split(",") if isinstance(value, str) and known != "!=" else value
			given = [each.strip() if isinstance(each, str) else each for each in _as_list(given)]
			if known == "!=" and not any(map(_is_second, given)):
				return [operator, stored_text(value, in_utc=in_utc)]
			return [AMONG[known], _stored(column, given, in_utc)]
		case known if known in COMPARE or known in ENDS or known == "=":
			ends_second = known in ENDS and _is_second(value)
			return [operator, stored_text(value, in_utc=in_utc, ends=ends_second)]
	return unchanged


def _check(fieldname: str, operator: str, value: Any) -> None:
	"""Checks that what a time is compared with is one. The database would take anything else for the year 0,
	and find every row.

	:raises InvalidInput: it is none.
	"""
	match operator:
		case "timespan":
			is_right = isinstance(value, str) and timespan(value, utc_now().date()) is not None
		case "between":
			is_right = isinstance(value, list) and all(map(_is_time, value))
		case "in" | "not in" if isinstance(value, str):
			is_right = all(map(_is_time, value.split(",")))
		case known if known in COMPARE or known in ENDS or known in AMONG or known == "=":
			is_right = all(map(_is_time, _as_list(value)))
		case _:
			is_right = True
	if not is_right:
		sentence = _("it must be a time, for example 2026-06-18 14:30:00")
		raise InvalidInput(_("Parameter {0} is invalid: {1}.").format(fieldname, sentence))


def _is_time(value: Any) -> bool:
	if value is None or (isinstance(value, str) and not value.strip()):
		# Frappe asks for an empty field.
		return True
	try:
		return isinstance(value, str) and get_datetime(value.strip().replace("Z", "+00:00")) is not None
	# The function reads what anybody may have sent, and raises whatever it meets in it.
	except Exception:
		return False


def _as_list(value: Any) -> list:
	return value if isinstance(value, list) else [value]


def _ends_of(pattern: str) -> list[str] | None:
	"""The first and the last second of what a pattern of `like` says; None: it is no beginning of a time."""
	text = pattern.rstrip("%").replace("T", " ")
	if not BEGINNING.fullmatch(text) or (text == pattern and len(text) < len(LAST)):
		return None
	last = text + LAST[len(text) :]
	if len(text) == len("0000-00"):
		try:
			last = f"{get_last_day(f'{text}-01')}{LAST[10:]}"
		except ValueError:
			return None
	return [text + FIRST[len(text) :], last]


def _stored(column: Column, sent: list, in_utc: bool) -> list:
	"""What is stored for times that a program names: of a second, all that it reads as that second."""
	seconds = [each for each in sent if _is_second(each)][:MAX_SECONDS]
	doctype, fieldname = column.place or ("", "")
	stored = [stored_text(each, in_utc=in_utc) for each in sent]
	if not seconds or not _has_column(doctype, fieldname):
		return stored
	table = frappe.qb.DocType(doctype)
	field = table[fieldname]
	ranges = [field[first:last] for first, last in (_range([each, each], in_utc) for each in seconds)]
	found = frappe.qb.from_(table).select(field).distinct().where(Criterion.any(ranges)).limit(MAX_STORED)
	return [*stored, *(str(each) for (each,) in found.run() if str(each) not in stored)]


def _has_column(doctype: str, fieldname: str) -> bool:
	meta = frappe.get_meta(doctype) if doctype else None
	return bool(meta and not (meta.issingle or meta.is_virtual) and fieldname in meta.get_valid_columns())


def _range(ends: list, in_utc: bool) -> list:
	start, end = ends
	return [stored_text(start, in_utc=in_utc), stored_text(end, in_utc=in_utc, ends=True)]


def _is_second(value: Any) -> bool:
	"""Whether a value is a time without fractions."""
	match = TIME.fullmatch(value) if isinstance(value, str) else None
	return bool(match and match["clock"] and "." not in value)


def timespan(name: str, today: date) -> tuple[date, date] | None:
	"""The first and the last day of one of Frappe's spans of time; None: there is no such span.

	:param name: such as "last 30 days" or "this month".
	"""
	match name.lower().split():
		case [day] if day in DAYS:
			return (add_to_date(today, days=DAYS[day]),) * 2
		case ["last" | "this" | "next" as which, unit] if unit in UNITS:
			first, last, step = UNITS[unit]
			sign = {"last": -1, "this": 0, "next": 1}[which]
			day = add_to_date(today, **{name: sign * count for name, count in step.items()})
			return first(day), last(day)
		case ["last", "7" | "14" | "30" | "90" as count, "days"]:
			return add_to_date(today, days=-int(count)), today
		case ["next", "7" | "14" | "30" as count, "days"]:
			return today, add_to_date(today, days=int(count))
		case ["last", "6", "months"]:
			return _quarters(today, -6, -3)
		case ["next", "6", "months"]:
			return _quarters(today, 3, 6)
	return None


def _quarters(today: date, first: int, last: int) -> tuple[date, date]:
	return (
		get_quarter_start(add_to_date(today, months=first)),
		get_quarter_ending(add_to_date(today, months=last)),
	)
