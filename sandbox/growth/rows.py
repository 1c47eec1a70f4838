"""The rows that grow with the years. MariaDB makes them itself, from its engine of sequences."""

import frappe

from sandbox.growth.expressions import MARK, Expressions, Scene, Size, age_of
from sandbox.growth.tables import orders, products, records, taxes

# There are as many as vendors; and never more than `contact.queue` allows.
BOUNDED = ("Vendor Connection", "Contact Message")
# A value for each column of a type, if a table does not say another.
_OF_TYPE = {
	**dict.fromkeys(("int", "tinyint", "smallint", "bigint", "decimal", "double", "float"), "0"),
	**dict.fromkeys(("datetime", "timestamp", "date", "time"), "NULL"),
}


def fill(scene: Scene, size: Size, small: str = f"{MARK} small") -> dict[str, int]:
	"""Adds the rows to the current database.

	:param small: the Supplier with a few orders and products.
	:returns: their number by DocType.
	"""
	expressions = Expressions(scene, size, small)
	tables = {
		doctype: table
		for module in (orders, records, taxes, products)
		for doctype, table in module.tables(expressions).items()
	}
	for doctype, (rows, columns) in tables.items():
		_insert(doctype, rows, columns)
	names = ", ".join(f"`tab{doctype}`" for doctype in tables)
	frappe.db.commit()
	frappe.db.sql(f"ANALYZE TABLE {names}")
	frappe.db.commit()
	return {doctype: rows for doctype, (rows, _columns) in tables.items()}


def growing(sizes: dict[str, int]) -> dict[str, int]:
	"""Table -> its number of rows, without those that do not become more with the years.

	:param sizes: by DocType.
	"""
	return {f"tab{doctype}": rows for doctype, rows in sizes.items() if doctype not in BOUNDED}


def _insert(doctype: str, rows: int, columns: dict[str, str]) -> None:
	"""Columns that the table does not have, or that nobody named, are left to `_OF_TYPE`."""
	known = frappe.db.sql(
		"SELECT column_name, data_type, is_nullable FROM information_schema.columns "
		"WHERE table_schema = DATABASE() AND table_name = %s AND extra NOT LIKE '%%auto_increment%%'",
		[f"tab{doctype}"],
	)
	age = age_of(rows, "NOW")
	standard = {"name": Expressions.name, "creation": age, "modified": age, "idx": "1"}
	values = {**standard, "owner": "'Administrator'", "modified_by": "'Administrator'", **columns}
	chosen = {}
	for column, kind, nullable in known:
		if column in values:
			chosen[column] = values[column]
		elif nullable == "NO":
			chosen[column] = _OF_TYPE.get(kind, "''")
		elif kind in ("int", "tinyint", "decimal"):
			chosen[column] = "0"
	names, expressions = ", ".join(f"`{column}`" for column in chosen), ", ".join(chosen.values())
	frappe.db.sql(f"INSERT IGNORE INTO `tab{doctype}` ({names}) SELECT {expressions} FROM seq_1_to_{rows}")
	frappe.db.commit()
