"""Which rows of a Sales Order were sent where. The records of all destinations say so; each destination asks
here what the others have, with the Sales Order's row locked, so that no row is sent to two of them.

The destinations do not know each other: `hooks.py` names them (`medgrid_row_holders`).

An order that amends another one has the goods of that one: what somebody has, or may have, of the original
counts as sent until it is taken over, or cancelled there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

import frappe

from medgrid import hooks


@dataclass(frozen=True)
class Sent:
	"""Rows that another system has, or may have.

	:param supplier: the vendor; None: it is no vendor's, or not known.
	:param rows: the names of the Sales Order's rows.
	:param original: the order that this one amends and of which they have the rows; None: they have this one.
	"""

	supplier: str | None
	rows: tuple[str, ...]
	original: str | None = None


class Holder(Protocol):
	"""A destination whose records say which rows of Sales Orders it has.

	:ivar doctype: of its records.
	"""

	doctype: str

	def sent(self, document: Any) -> list[Sent]:
		"""The rows that the destination has, or may have.

		:param document: a submitted Sales Order document.
		"""
		...

	def held(self, document: Any) -> list[Sent]:
		"""The rows that it has, or may have, of the orders that this one amends.

		:param document: a Sales Order document.
		"""
		...

	def can_send_to(self, suppliers: Collection[str]) -> set[str]:
		"""Those of some Suppliers to whom it can send orders."""
		...


def sent_to_others(doctype: str, document: Any) -> list[Sent]:
	"""The rows of a Sales Order that other destinations have, or may have.

	:param doctype: of the records of the destination that asks.
	:param document: a submitted Sales Order document.
	"""
	return [sent for holder in _others(doctype) for sent in holder.sent(document)]


def held_by_others(doctype: str, document: Any) -> list[Sent]:
	"""The rows that other destinations have, or may have, of the orders that a Sales Order amends."""
	return [sent for holder in _others(doctype) for sent in holder.held(document)]


def names_held_by_others(doctype: str, document: Any) -> set[str]:
	"""The names of the rows in `sent_to_others` and `held_by_others`."""
	both = [*sent_to_others(doctype, document), *held_by_others(doctype, document)]
	return {row for sent in both for row in sent.rows}


def others_can_send_to(doctype: str, suppliers: Collection[str]) -> set[str]:
	"""Those of some Suppliers to whom other destinations can send orders."""
	return {supplier for holder in _others(doctype) for supplier in holder.can_send_to(suppliers)}


def other_doctypes(doctype: str) -> list[str]:
	"""The DocTypes of the other destinations' records."""
	return [holder.doctype for holder in _others(doctype)]


def _others(doctype: str) -> list[Holder]:
	# Not by `frappe.get_hooks`: its cache may be older than the code, and a row would be sent twice.
	holders = [frappe.get_attr(name) for name in hooks.medgrid_row_holders]
	return [holder for holder in holders if holder.doctype != doctype]
