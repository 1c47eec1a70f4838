"""The SQL statements of the catalog.

They are texts, for two reasons. Building one with Frappe's query builder takes longer (1 ms) than the
database needs for a page. And a page is only fast if MariaDB reads the Items along an index in the order of
the list, which needs its STRAIGHT_JOIN and FORCE INDEX: its own plan reads everything and sorts it. Values
are always bound; the parts that are put together here are constants of this module.
"""

from dataclasses import dataclass
from functools import lru_cache

# Facts about what a caller chose, and the settings of the catalog. One row, whatever exists.
TERMS = """
	SELECT settings.default_price_list, settings.less_reserved,
		warehouse.name AS warehouse, warehouse.is_group, warehouse.disabled,
		list.name AS price_list, list.enabled, list.selling,
		currency.smallest_currency_fraction_value, currency.number_format
	FROM (
		SELECT
			(SELECT value FROM tabSingles
				WHERE doctype = 'Selling Settings' AND field = 'selling_price_list') AS default_price_list,
			(SELECT value FROM tabSingles
				WHERE doctype = 'Medgrid Settings' AND field = 'subtract_reserved_stock') AS less_reserved
	) settings
	LEFT JOIN tabWarehouse warehouse ON warehouse.name = %(warehouse)s
	LEFT JOIN `tabPrice List` list
		ON list.name = COALESCE(NULLIF(%(price_list)s, ''), settings.default_price_list)
	LEFT JOIN tabCurrency currency ON currency.name = list.currency
"""

# How many Bins with stock a warehouse has, at most %(most)s.
STOCKED = """
	SELECT COUNT(*) FROM (
		SELECT 1 FROM tabBin WHERE warehouse = %(warehouse)s AND actual_qty > 0 LIMIT %(most)s
	) bins
"""

ITEM_NAME = "SELECT item_name, item_code FROM tabItem WHERE name = %(item)s"

# What ERPNext lets onto a Sales Order: see `validate_item_details` and `validate_end_of_life`. A date may be
# stored as 0000-00-00.
_OFFERED = """
	item.disabled = 0 AND item.has_variants = 0 AND item.is_sales_item = 1
	AND (item.end_of_life IS NULL OR item.end_of_life > %(today)s OR item.end_of_life < '0001-01-01')
"""

# The price of one stock unit, as ERPNext's `get_item_price` chooses it for nobody in particular: the latest
# `valid_from`, then a price of the unit before one for any unit. Prices of packs of several are none of one
# unit (`check_packing_list`).
_PRICE = """
	SELECT price.price_list_rate FROM `tabItem Price` price
	WHERE price.item_code = {item} AND price.price_list = %(price_list)s
		AND COALESCE(price.uom, '') IN ('', item.stock_uom)
		AND COALESCE(price.customer, '') = '' AND COALESCE(price.supplier, '') = ''
		AND COALESCE(price.batch_no, '') = '' AND COALESCE(price.packing_unit, 0) IN (0, 1)
		AND (price.valid_from IS NULL OR price.valid_from <= %(today)s)
		AND (price.valid_upto IS NULL OR price.valid_upto >= %(today)s)
	ORDER BY price.valid_from DESC, price.uom DESC, price.creation DESC, price.name DESC LIMIT 1
"""
# A variant without a price has its template's, as in ERPNext's `get_price_list_rate`.
_RATE = f"COALESCE(({_PRICE.format(item='item.name')}), ({_PRICE.format(item='item.variant_of')}))"

# What is promised to others: what ERPNext takes off `projected_qty`. `reserved_stock` is a part of it, or
# more where only Stock Reservation Entries reserve.
_RESERVED = """
	GREATEST(0, bins.reserved_stock, bins.reserved_qty + bins.reserved_qty_for_production
		+ bins.reserved_qty_for_sub_contract + bins.reserved_qty_for_production_plan)
"""

_AFTER_ITEM = """
	AND (item.item_name > %(after_name)s
		OR (item.item_name = %(after_name)s AND (item.item_code > %(after_code)s {same_item})))
"""
_SAME_ITEM = "OR (item.item_code = %(after_code)s AND bins.warehouse > %(after_warehouse)s)"

_MATCHES = "(item.item_name LIKE %(pattern)s OR item.description LIKE %(pattern)s {other_form})"
# The same characters, stored as letters with combining marks.
_OTHER_FORM = "OR item.item_name LIKE %(other_pattern)s OR item.description LIKE %(other_pattern)s"

_ACTIVE_WAREHOUSE = """
	JOIN tabWarehouse warehouse
		ON warehouse.name = bins.warehouse AND warehouse.disabled = 0 AND warehouse.is_group = 0
"""

# Reading along these indexes gives the order of a list: the Items by name and code, and for each Item the Bin
# of one warehouse, or those of all warehouses in their order. The first two are MedGrid's
# (`install.INDEXES`), the last is ERPNext's.
ITEMS, BINS_OF_ONE, BINS_OF_ALL = "medgrid_name", "medgrid_place", "unique_item_warehouse"
INDEXES = (("tabItem", ITEMS), ("tabBin", BINS_OF_ONE), ("tabBin", BINS_OF_ALL))


@dataclass(frozen=True)
class Shape:
	"""What a list's statement depends on, besides its values.

	:param everywhere: of all active warehouses, with the column `warehouse`; else of one.
	:param searches: whether only Items that match a text are listed.
	:param other_form: whether the text has another form in Unicode.
	:param priced: whether the rows have rates.
	:param less_reserved: whether the available quantity is less what is reserved.
	:param is_page: whether it is a part of the list: %(rows)s rows after %(skipped)s.
	:param after: whether the list goes on after a row.
	:param along_index: whether the Items are read in the order of the list; else what is found is sorted.
	"""

	everywhere: bool = False
	searches: bool = False
	other_form: bool = False
	priced: bool = False
	less_reserved: bool = False
	is_page: bool = False
	after: bool = False
	along_index: bool = False


@lru_cache(maxsize=256)
def list_statement(shape: Shape) -> str:
	"""Builds the statement of a list. It has the columns `item_code`, `item_name`, `description`,
	`stock_uom`, the rate, the available quantity and the warehouse, sorted by item name, item code and
	warehouse.

	A page is cut from names and codes, and only the rows of the page are read whole: descriptions are long,
	and each rate is a query of its own. A search that finds little reads the descriptions in any case.
	"""
	columns = _columns(shape)
	cut = "LIMIT %(rows)s OFFSET %(skipped)s" if shape.is_page else ""
	if not shape.is_page or (shape.searches and not shape.along_index):
		return f"SELECT {columns} {_source(shape)} ORDER BY {_SORTED} {cut}"
	return f"""
		SELECT STRAIGHT_JOIN {columns}
		FROM (
			SELECT {_hint(shape)} item.name AS item, bins.name AS bin {_source(shape)}
			ORDER BY {_order(shape)} {cut}
		) page
		JOIN tabItem item ON item.name = page.item
		JOIN tabBin bins ON bins.name = page.bin
		ORDER BY {_SORTED}
	"""


_SORTED = "item.item_name, item.item_code, bins.warehouse"


def _hint(shape: Shape) -> str:
	return "STRAIGHT_JOIN" if shape.along_index else ""


def _order(shape: Shape) -> str:
	"""Along the indexes, the Bins of an Item come in the order of their warehouses. If it had to sort by
	them, MariaDB would read everything first."""
	return "item.item_name, item.item_code" if shape.along_index else _SORTED


def _columns(shape: Shape) -> str:
	rate = _RATE if shape.priced else "NULL"
	quantity = f"GREATEST(0, bins.actual_qty - {_RESERVED})" if shape.less_reserved else "bins.actual_qty"
	return f"""
		item.item_code, item.item_name, item.description, item.stock_uom, {rate} AS rate,
		{quantity} AS available_qty, bins.warehouse
	"""


def _source(shape: Shape) -> str:
	place = "" if shape.everywhere else "AND bins.warehouse = %(warehouse)s"
	bins = BINS_OF_ALL if shape.everywhere else BINS_OF_ONE
	tables = "tabBin bins JOIN tabItem item ON item.name = bins.item_code"
	if shape.along_index:
		tables = f"""
			tabItem item FORCE INDEX ({ITEMS})
			JOIN tabBin bins FORCE INDEX ({bins}) ON bins.item_code = item.name
		"""
	matches = f"AND {_matches(shape)}" if shape.searches else ""
	after = _AFTER_ITEM.format(same_item=_SAME_ITEM if shape.everywhere else "") if shape.after else ""
	return f"""
		FROM {tables} {_ACTIVE_WAREHOUSE if shape.everywhere else ""}
		WHERE bins.actual_qty > 0 {place} AND {_OFFERED} {matches} {after}
	"""


def sample_statement(shape: Shape) -> str:
	"""Builds the statement that counts how many of %(most)s Items match a text."""
	sample = "(SELECT item_name, description FROM tabItem LIMIT %(most)s)"
	return f"SELECT COUNT(*) FROM {sample} item WHERE {_matches(shape)}"


def _matches(shape: Shape) -> str:
	return _MATCHES.format(other_form=_OTHER_FORM if shape.other_form else "")
