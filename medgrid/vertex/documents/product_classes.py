"""The product classes by which Vertex decides what an item is. See docs/sales-tax.md, "What is sent"."""

from collections.abc import Iterable

import frappe

FIELD = "vertex_product_class"
# A tree that is deeper is a circle.
_MAX_PARENTS = 30


class ProductClasses:
	"""The classes of one document's items: the item's own, else its template's, else its Item Group's, else
	that of the nearest parent group."""

	def __init__(self) -> None:
		self.items: dict[str, frappe._dict] = {}
		self.groups: dict[str, frappe._dict | None] = {}

	def load(self, codes: Iterable[str]) -> None:
		"""Reads the items, all at once."""
		self._read(codes)
		self._read([row.variant_of for row in self.items.values() if row.variant_of])

	def _read(self, codes: Iterable[str]) -> None:
		missing = {code for code in codes if code not in self.items}
		if missing:
			fields = ["name", FIELD, "variant_of", "item_group"]
			for row in frappe.get_all("Item", {"name": ("in", list(missing))}, fields):
				self.items[row.name] = row

	def of(self, code: str) -> str:
		"""
		:returns: the class; empty: there is none.
		"""
		item = self.items.get(code)
		if not item:
			return ""
		template = self.items.get(item.variant_of or "")
		own = item.get(FIELD) or (template and template.get(FIELD))
		return own or self._of_group(item.item_group)

	def _of_group(self, name: str | None) -> str:
		for _step in range(_MAX_PARENTS):
			group = self._group(name) if name else None
			if not group:
				return ""
			if group.get(FIELD):
				return group.get(FIELD)
			name = group.parent_item_group
		return ""

	def _group(self, name: str) -> frappe._dict | None:
		if name not in self.groups:
			fields = [FIELD, "parent_item_group"]
			self.groups[name] = frappe.get_cached_value("Item Group", name, fields, as_dict=True)
		return self.groups[name]
