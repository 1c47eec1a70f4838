"""What the rule of a vendor's ShipStation account can name, and which of it the portal offers.

A rule can name each warehouse that is in use, and the brands and item groups of the vendor's own items. A
wholesaler may have hundreds of warehouses, so the portal offers those that the vendor's orders and items
name; a search finds the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import frappe

from medgrid.integrations.like import containing
from medgrid.integrations.shipstation.due.routing import KINDS
from medgrid.integrations.vendor_orders.selection import warehouses_of_vendor

# Kind, as in `KINDS`, and the name of a warehouse, brand or item group.
Part = tuple[str, str]
# The maximum number of names of each kind that are offered at once.
MOST = 50
IN_USE = {"is_group": 0, "disabled": 0}


@dataclass(frozen=True)
class Choices:
	"""
	:ivar of_kinds: for each of KINDS at most `MOST` names, sorted.
	:ivar is_more: whether others were left out, so that a search may find them.
	"""

	of_kinds: dict[str, list[str]]
	is_more: bool


def offered(supplier: str, text: str | None) -> Choices:
	"""What a vendor can choose from.

	:param text: names that contain it; None: what the vendor's own orders and items name.
	"""
	found = _of_own_items(supplier)
	if text:
		found = {kind: {name for name in names if _has(name, text)} for kind, names in found.items()}
	found["warehouse"] = _warehouses_with(text) if text else _warehouses_of(supplier)
	is_more = any(len(names) > MOST for names in found.values())
	# Without a search, the other warehouses are left out.
	is_more |= not text and frappe.db.count("Warehouse", IN_USE) > len(found["warehouse"])
	return Choices({kind: sorted(found[kind], key=str.casefold)[:MOST] for kind in KINDS}, is_more)


def unknown(supplier: str, parts: Iterable[Part]) -> list[Part]:
	"""Those of some parts that no rule of a vendor's can have."""
	parts = list(parts)
	own = _of_own_items(supplier) if parts else {}
	own["warehouse"] = _in_use([value for kind, value in parts if kind == "warehouse"])
	return [(kind, value) for kind, value in parts if value not in own[kind]]


def _of_own_items(supplier: str) -> dict[str, set[str]]:
	"""The brands and item groups of a vendor's own items, with the groups above them."""
	filters = {"default_supplier": supplier, "parenttype": "Item"}
	items = frappe.get_all("Item Default", filters=filters, pluck="parent", distinct=True)
	own = {"name": ("in", items)}
	brands = _values("Item", "brand", own) if items else set()
	groups = _values("Item", "item_group", own) if items else set()
	return {"brand": brands, "item_group": groups | _groups_above(groups)}


def _warehouses_of(supplier: str) -> set[str]:
	"""The warehouses in use that a vendor's items have by default, and that the rows of its orders name."""
	filters = {"default_supplier": supplier, "parenttype": "Item"}
	return _in_use(_values("Item Default", "default_warehouse", filters) | warehouses_of_vendor(supplier))


def _in_use(names: Iterable[str]) -> set[str]:
	return _values("Warehouse", "name", {**IN_USE, "name": ("in", [*names, ""])})


def _warehouses_with(text: str) -> set[str]:
	"""The warehouses in use whose names contain a text, at most one more than are offered."""
	warehouse = frappe.qb.DocType("Warehouse")
	in_use = (warehouse.is_group == 0) & (warehouse.disabled == 0)
	query = (
		frappe.qb.from_(warehouse)
		.select(warehouse.name)
		.where(in_use & warehouse.name.like(containing(text.strip())))
	)
	return set(query.orderby(warehouse.name).limit(MOST + 1).run(pluck=True))


def _has(name: str, text: str) -> bool:
	return text.strip().casefold() in name.casefold()


def _values(doctype: str, field: str, filters: dict[str, Any]) -> set[str]:
	return set(filter(None, frappe.get_all(doctype, filters=filters, pluck=field, distinct=True)))


def _groups_above(groups: set[str]) -> set[str]:
	"""The groups above some Item Groups, but not the one of all items."""
	parents = dict(frappe.get_all("Item Group", fields=["name", "parent_item_group"], as_list=True))
	found: set[str] = set()
	for group in groups:
		above = parents.get(group)
		while above and above not in found and parents.get(above):
			found.add(above)
			above = parents.get(above)
	return found
