"""Records that mirror a shop's variants: written where they differ, marked where the shop has them no more.

Each chunk is read, compared and written in a transaction of its own, so that somebody who edits one record at
that moment costs a repetition of 100 and not of the page.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import frappe

from medgrid.clients.shopify.gid import number_of
from medgrid.clients.shopify.variants import VariantRange
from medgrid.core.bulk import chunks, insert_rows, is_same, update_rows
from medgrid.core.transactions import in_transaction

Content = Mapping[str, Any]


class VariantMirror:
	"""The records of one DocType that belong to one shop. They have the fields `variant_id` (the GID),
	`variant_number` and `last_seen`.

	:param owner: the fields that say whose records they are, by name; empty if all are.
	:param first_seen: the name of the field for when a record was made, if there is one.
	"""

	def __init__(self, doctype: str, owner: Content | None = None, *, first_seen: str | None = None):
		self.doctype, self.owner, self.first_seen = doctype, dict(owner or {}), first_seen

	def write(self, wanted: Mapping[str, Content]) -> None:
		"""Makes records hold what is wanted. Commits after each 100; what is the same is not written.

		:param wanted: by GID; all with the same fields.
		"""
		for gids in chunks(list(wanted)):
			in_transaction(partial(self._write_chunk, {gid: wanted[gid] for gid in gids}))

	def _write_chunk(self, wanted: Mapping[str, Content]) -> None:
		now = frappe.utils.now()
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
		"""The records of some variants, by GID."""
		if not gids:
			return {}
		filters = {**self.owner, "variant_id": ("in", gids)}
		rows = frappe.get_all(self.doctype, filters=filters, fields=["name", "variant_id", *fields])
		return {row.variant_id: row for row in rows}

	def mark_missing(self, variant_range: VariantRange, values: Content) -> None:
		"""Marks the records of variants that belong into a range and are not in it any more.

		:param values: what they get; its `status` is the mark.
		"""
		record = frappe.qb.DocType(self.doctype)
		is_missing = (record.variant_number > variant_range.after_id) & (record.status != values["status"])
		for field, value in self.owner.items():
			is_missing &= record[field] == value
		if variant_range.last_id is not None:
			is_missing &= record.variant_number <= variant_range.last_id
		if variant_range.variants:
			is_missing &= record.variant_id.notin([variant.id for variant in variant_range.variants])
		self.update(frappe.qb.from_(record).select(record.name).where(is_missing).run(pluck=True), values)

	def update(self, names: list[str], values: Content) -> None:
		"""Gives the same values to some records, by name. Commits after each 100."""
		for chunk in chunks(names):
			in_transaction(partial(update_rows, self.doctype, dict.fromkeys(chunk, values)))
