"""Items in stock with their prices.

A page costs what its rows cost: it is read along an index in the order of the list, where the warehouse holds
a good part of the Items, else cut from the few that it holds. A whole list is read row by row, so that nobody
holds it in memory; see `statements`.
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import frappe
from frappe import _
from frappe.utils import today
from frappe.utils.caching import site_cache

from medgrid.core.money.rounding import exact, rounded
from medgrid.exceptions import NotFound
from medgrid.stock import statements
from medgrid.stock.statements import Shape, list_statement
from medgrid.stock.terms import Terms

COLUMNS = ("item_code", "item_name", "description", "stock_uom", "rate", "available_qty")
# How much longer it takes to read and sort a row than to pass over one along the index; measured.
SORTING = 2
# From how many Items a search learns how many match.
SAMPLE = 1000
TABLES_SECONDS = 600


@dataclass(frozen=True)
class PageRequest:
	"""A part of a list.

	:param rows: how many rows it has at most.
	:param skipped: how many rows are skipped before it.
	:param after_item: the code of the Item after which the list goes on; None: it begins at its first row.
	:param after_warehouse: in a list of several warehouses, that of the last row.
	"""

	rows: int
	skipped: int = 0
	after_item: str | None = None
	after_warehouse: str | None = None


def items_in_warehouse(terms: Terms, page: PageRequest | None = None) -> Iterable[dict[str, Any]]:
	"""Lists the items in stock in one warehouse, sorted by item name and code.

	:param terms: with a warehouse.
	:param page: None: all.
	:returns: rows of COLUMNS. Without a page they are read while they are used: until then, this connection
		can run no other statement.
	:raises NotFound: there is no Item `page.after_item`.
	"""
	return _list(Shape(), terms, page, {})


def search_items(text: str, terms: Terms, page: PageRequest | None = None) -> Iterable[dict[str, Any]]:
	"""Finds items in stock whose name or description contains a text; upper and lower case are the same.

	:param text: taken literally: `%`, `_` and a backslash stand for themselves. Letters with marks are found
		in either of their forms in Unicode.
	:param terms: without a warehouse: all active ones, with a row for each one that holds stock.
	:param page: None: all.
	:returns: rows of COLUMNS and `warehouse`, sorted by item name, item code and warehouse; see
		`items_in_warehouse`.
	:raises NotFound: there is no Item `page.after_item`.
	"""
	composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
	shape = Shape(searches=True, everywhere=not terms.warehouse, other_form=composed != decomposed)
	patterns = {"pattern": _pattern(composed), "other_pattern": _pattern(decomposed)}
	return _list(shape, terms, page, patterns)


def escape_like(text: str) -> str:
	"""Escapes the characters that have a special meaning in SQL's LIKE."""
	return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _pattern(text: str) -> str:
	return f"%{escape_like(text)}%"


def _list(
	shape: Shape, terms: Terms, page: PageRequest | None, values: dict[str, Any]
) -> Iterable[dict[str, Any]]:
	shape = replace(
		shape,
		priced=terms.price_list is not None,
		less_reserved=terms.less_reserved,
		is_page=page is not None,
		after=bool(page and page.after_item),
	)
	values = {**values, "warehouse": terms.warehouse, "price_list": terms.price_list, "today": today()}
	if page:
		values.update(_page_values(page))
		shape = replace(shape, along_index=_is_read_along_index(shape, values, page))
		rows: Iterable[Any] = frappe.db.sql(list_statement(shape), values)
	else:
		rows = _unbuffered(list_statement(shape), values)
	return _formatted(rows, terms, with_warehouse=shape.searches)


def _page_values(page: PageRequest) -> dict[str, Any]:
	values = {"rows": page.rows, "skipped": page.skipped}
	if not page.after_item:
		return values
	found = frappe.db.sql(statements.ITEM_NAME, {"item": page.after_item})
	if not found:
		raise NotFound(_("Item {0} does not exist.").format(page.after_item))
	[(name, code)] = found
	return {**values, "after_name": name, "after_code": code, "after_warehouse": page.after_warehouse or ""}


def _unbuffered(statement: str, values: dict[str, Any]) -> Iterator[list[Any]]:
	with frappe.db.unbuffered_cursor():
		yield from frappe.db.sql(statement, values, as_list=True, as_iterator=True)


def _formatted(rows: Iterable[Any], terms: Terms, *, with_warehouse: bool) -> Iterator[dict[str, Any]]:
	for code, name, description, uom, rate, quantity, warehouse in rows:
		row = {
			"item_code": code,
			"item_name": name,
			"description": description,
			"stock_uom": uom,
			"rate": None if rate is None else float(rounded(exact(rate), terms.places, terms.rounding)),
			"available_qty": _quantity(quantity),
		}
		if with_warehouse:
			row["warehouse"] = warehouse
		yield row


def _quantity(value: Any) -> int | float:
	"""A whole quantity is an integer: 2, not 2.0."""
	number = float(value)
	return int(number) if number.is_integer() else number


def _is_read_along_index(shape: Shape, values: Mapping[str, Any], page: PageRequest) -> bool:
	"""Whether to read the Items in the order of the list, and pass over those that are not in it; else what
	is in the list is read and sorted.

	If one Item of `n` is in the list, a page of `rows` passes over `n * rows` Items. So the way along the
	index is shorter if the square of what is in the list is greater than the Items times the rows.
	"""
	items, has_indexes = _tables()
	if not has_indexes:
		return False
	enough = math.isqrt(items * min(page.rows + page.skipped, items) // SORTING)
	if not shape.everywhere:
		stocked = {"warehouse": values["warehouse"], "most": enough + 1}
		if frappe.db.sql(statements.STOCKED, stocked)[0][0] <= enough:
			return False
	if not shape.searches:
		return True
	matching = frappe.db.sql(statements.sample_statement(shape), {**values, "most": SAMPLE})[0][0]
	return matching * max(items, SAMPLE) // SAMPLE > enough


@site_cache(ttl=TABLES_SECONDS)
def _tables() -> tuple[int, bool]:
	"""How many Items there are, about, and whether the indexes exist that give the order of a list."""
	has_indexes = all(frappe.db.has_index(table, name) for table, name in statements.INDEXES)
	return frappe.db.estimate_count("Item"), has_indexes
