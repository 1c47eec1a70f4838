"""Records that mirror a shop's variants: changed records are written, and records of variants that the shop
no longer has are marked.

Each chunk is read, compared and written in its own transaction. If another user edits one of the records at
that moment, only this chunk of 100 is repeated and not the whole page.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import frappe

from medgrid.clients.shopify.gid import number_of
from medgrid.clients.shopify.variants import VariantRange
from medgrid.core.bulk import chunks, insert_rows, is_same, update_rows, write_each
from medgrid.core.clock import stored_utc_now
from medgrid.core.transactions import in_transaction

Content = Mapping[str, Any]
# The maximum of a Currency field, which is a decimal(21,9). Shopify accepts prices a million times as high.
MAX_PRICE = Decimal("999999999999.99")
# The maximum of an Int field.
MAX_INT = 2**31 - 1


def storable_price(price: Decimal) -> Decimal:
	"""The price, or the nearest one that a Currency field can hold."""
	return max(-MAX_PRICE, min(MAX_PRICE, price))


def storable_quantity(quantity: int) -> int:
	"""The quantity, or the nearest one that an Int field can hold."""
	return max(-MAX_INT, min(MAX_INT, quantity))


class VariantMirror:
	"""The records of one DocType that belong to one shop. The DocType has the fields `variant_id` (the GID),
	`variant_number` and `last_seen`.

	:param owner: the fields and values that select the shop's records; empty if all records are the shop's.
	:param first_seen: the field that holds the time of a record's creation, if the DocType has one.
	"""

	def __init__(self, doctype: str, owner: Content | None = None, *, first_seen: str | None = None):
		self.doctype, self.owner, self.first_seen = doctype, dict(owner or {}), first_seen

	def write(self, wanted: Mapping[str, Content]) -> list[str]:
		"""Creates and updates records, and skips those that have the wanted values already. Commits after
		each 100.

		:param wanted: for each GID, the fields and values of its record; all have the same fields.
		:returns: the GIDs whose records cannot be written; see `bulk.write_each`.
		"""
		return write_each(list(wanted), partial(self._write_chunk, wanted), what=self.doctype)

	def _write_chunk(self, all_wanted: Mapping[str, Content], gids: Sequence[str]) -> None:
		wanted = {gid: all_wanted[gid] for gid in gids}
		now = stored_utc_now()
		stored = self.stored(list(wanted), list(next(iter(wanted.values()))))
		seen = {"last_seen": now, **({self.first_seen: now} if self.first_seen else {})}
		insert_rows(
			self.doctype,
			[
				{**self.owner, "variant_id": gid, "variant_number": number_of(gid), **seen, **content}
				for gid, content in wanted.items()
				if gid not in stored
			],
		)
		update_rows(
			self.doctype,
			{
				stored[gid].name: {**content, "last_seen": now}
				for gid, content in wanted.items()
				if gid in stored and not is_same(stored[gid], content)
			},
		)

	def stored(self, gids: list[str], fields: list[str]) -> dict[str, Any]:
		"""Reads the records of some variants, by GID."""
		if not gids:
			return {}
		filters = {**self.owner, "variant_id": ("in", gids)}
		rows = frappe.get_all(self.doctype, filters=filters, fields=["name", "variant_id", *fields])
		return {row.variant_id: row for row in rows}

	def mark_missing(self, variant_range: VariantRange, values: Content) -> None:
		"""Marks the records whose variant number is in a range but whose variant the shop no longer has.

		:param values: the values to write; a record that already has its `status` is skipped.
		"""
		record = frappe.qb.DocType(self.doctype)
		is_missing = (record.variant_number > variant_range.after_id) & (record.status != values["status"])
		for field, value in self.owner.items():
			is_missing &= record[field] == value
		if variant_range.last_id is not None:
			is_missing &= record.variant_number <= variant_range.last_id
		present = {variant.id for variant in variant_range.variants} | variant_range.unreadable_ids
		if present:
			is_missing &= record.variant_id.notin(list(present))
		self.update(frappe.qb.from_(record).select(record.name).where(is_missing).run(pluck=True), values)

	def update(self, names: list[str], values: Content) -> None:
		"""Writes the same values to some records, given by name. Commits after each 100."""
		for chunk in chunks(names):
			in_transaction(partial(update_rows, self.doctype, dict.fromkeys(chunk, values)))
