"""Until now, some of MedGrid's own times were stored in the site's time zone, and moved when that changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.query_builder import Case, CustomFunction
from frappe.query_builder.functions import Max, Min
from pypika.terms import PseudoColumn, Term

from medgrid.core.site_time import from_site_time

FIELDS = {
	"Exoceuticals Unmatched Variant": ("decided_at", "first_seen", "last_seen"),
	"Integration Event": ("received_at",),
	"ShipStation Order": ("pushed_at", "shipped_at"),
	"ShipStation Shipment": ("created_at",),
	"Sync Run": ("started", "finished"),
	"Vendor Connection": ("last_sync_at",),
	"Vendor Product": ("last_seen",),
}
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)

_add = CustomFunction("TIMESTAMPADD", ["unit", "number", "moment"])


def execute() -> None:
	for doctype, fields in FIELDS.items():
		for fieldname in fields:
			_convert(doctype, fieldname)


def _convert(doctype: str, fieldname: str) -> None:
	"""Converts a column in one statement, so that no value is converted twice."""
	table = frappe.qb.DocType(doctype)
	column = table[fieldname]
	first, last = frappe.qb.from_(table).select(Min(column), Max(column)).run()[0]
	if not first:
		return
	*earlier, (offset, _end) = _offsets(first, last)
	converted: Any = _moved(column, offset)
	if earlier:
		case = Case()
		for each, end in earlier:
			case = case.when(column < end, _moved(column, each))
		converted = case.else_(converted)
	frappe.qb.update(table).set(column, converted).where(column.notnull()).run()


def _moved(column: Term, offset: timedelta) -> Term:
	return _add(PseudoColumn("SECOND"), -int(offset.total_seconds()), column)


def _offsets(first: datetime, last: datetime) -> Iterator[tuple[timedelta, datetime]]:
	"""The offsets of the site's time zone from UTC between two times, each with the time at which it ends."""
	begin, offset = first, _offset(first)
	while begin < last:
		end = min(begin + DAY, last)
		if (other := _offset(end)) != offset:
			end = _change(begin, end)
			yield offset, end
			offset = other
		begin = end
	yield offset, last


def _change(before: datetime, after: datetime) -> datetime:
	"""The first second of a day at which the offset is the later one."""
	offset = _offset(before)
	while after - before > SECOND:
		middle = before + (after - before) / 2
		before, after = (middle, after) if _offset(middle) == offset else (before, middle)
	return after.replace(microsecond=0)


def _offset(local: datetime) -> timedelta:
	return local - from_site_time(local).replace(tzinfo=None)
