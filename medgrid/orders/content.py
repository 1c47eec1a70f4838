"""What an order says to whoever ships it, and how that has changed since it was sent. Pure.

A delivery changes no order: it is most often that of what was sent. But what had been delivered before was
not sent, so it is a change if that delivery is cancelled. Each record of the outbox stores the content that
was sent; the Sales Order, which may be changed after that, is compared with it.
"""

import json
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from medgrid.orders.lines import OrderLine, plain


class Standing(str, Enum):
	"""Whether an order may be shipped."""

	OPEN = "open"
	# On hold or closed, until somebody reopens it.
	STOPPED = "stopped"
	CANCELLED = "cancelled"


@dataclass(frozen=True)
class Row:
	"""A row of the order.

	:param number: its number in the order, from 1.
	:param quantity: the quantity of the whole row, in the stock UOM.
	"""

	number: int
	item: str
	quantity: str


@dataclass(frozen=True)
class Content:
	"""What an order says to whoever ships it.

	:param rows: by the name of the Sales Order Item.
	:param ship_to: the address as the other system has it; the names of its fields are that system's.
	:param rest: a digest of what else was sent and a packer does not need: prices, the customer's address.
	:param sent_rows: the rows that the other system's order consists of; rows that were delivered before are
		not among them.
	:param delivered: by the name of the Sales Order Item, the quantity that is delivered, in the stock UOM;
		of a content that was sent, what had been delivered before, which was not sent.
	"""

	rows: Mapping[str, Row]
	ship_to: Mapping[str, str]
	standing: Standing = Standing.OPEN
	rest: str = ""
	sent_rows: tuple[str, ...] = field(default=(), compare=False)
	delivered: Mapping[str, str] = field(default_factory=dict, compare=False)

	@property
	def sent_quantities(self) -> dict[str, Decimal]:
		"""The quantities that the other system's order consists of, by row, in the stock UOM."""
		return {
			name: Decimal(self.rows[name].quantity) - self.delivered_of(name)
			for name in self.sent_rows
			if name in self.rows
		}

	def delivered_of(self, row: str) -> Decimal:
		"""The quantity of a row in `delivered`."""
		return Decimal(self.delivered.get(row, 0))

	def as_json(self) -> str:
		"""The text that a record stores."""
		return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def from_json(text: str | None) -> Content | None:
	"""Reads a stored content; None: none is stored, because an earlier release sent the order."""
	if not text:
		return None
	stored = json.loads(text)
	return Content(
		{name: Row(**row) for name, row in stored["rows"].items()},
		stored["ship_to"],
		Standing(stored["standing"]),
		stored["rest"],
		tuple(stored["sent_rows"]),
		stored.get("delivered") or {},
	)


def rows_of(lines: Iterable[OrderLine]) -> dict[str, Row]:
	"""The rows of a content."""
	return {line.row: Row(line.number, line.item, plain(line.ordered)) for line in lines}


def delivered(lines: Iterable[OrderLine]) -> dict[str, str]:
	"""`Content.delivered` of these lines."""
	gone = {line.row: line.ordered - line.quantity for line in lines}
	return {row: plain(quantity) for row, quantity in gone.items() if quantity}


def filled(fields: Mapping[str, Any]) -> dict[str, str]:
	"""The fields of an address that have a value."""
	return {name: str(value) for name, value in fields.items() if value}


def digest(value: Any) -> str:
	"""A digest of values that JSON can represent."""
	return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Added:
	row: Row


@dataclass(frozen=True)
class Removed:
	row: Row


@dataclass(frozen=True)
class Requantified:
	"""The quantity of a row has changed.

	:param before: what was sent.
	"""

	row: Row
	before: str


@dataclass(frozen=True)
class Undelivered:
	"""A part of a row that was delivered before the order was sent is not delivered any more.

	:param quantity: how much of it.
	"""

	row: Row
	quantity: str


@dataclass(frozen=True)
class Renamed:
	"""The Item of a row has another name.

	:param before: the name that was sent.
	"""

	row: Row
	before: str


@dataclass(frozen=True)
class Readdressed:
	"""The address has changed.

	:param fields: the other system's names of the fields that differ.
	"""

	fields: tuple[str, ...]


@dataclass(frozen=True)
class Restood:
	"""The order was put on hold, closed or reopened."""

	standing: Standing


@dataclass(frozen=True)
class OtherwiseChanged:
	"""Prices have changed, or the customer's address."""


Difference = Added | Removed | Requantified | Undelivered | Renamed | Readdressed | Restood | OtherwiseChanged


def differences(sent: Content, now: Content, renamed: Collection[str] = ()) -> list[Difference]:
	"""Compares what was sent with what the order says now, rows in their order.

	:param renamed: the Items among those that were sent that have other names now.
	"""
	found: list[Difference] = []
	for name in sorted({*sent.rows, *now.rows}, key=lambda name: _number(name, now, sent)):
		before, after = sent.rows.get(name), now.rows.get(name)
		if before and after and (before.item == after.item or before.item in renamed):
			if before.item != after.item:
				found.append(Renamed(after, before.item))
			if before.quantity != after.quantity:
				found.append(Requantified(after, before.quantity))
			if (missing := sent.delivered_of(name) - now.delivered_of(name)) > 0:
				found.append(Undelivered(after, plain(missing)))
			continue
		found += [Removed(before)] if before else []
		found += [Added(after)] if after else []
	names = sorted({*sent.ship_to, *now.ship_to})
	if fields := tuple(name for name in names if sent.ship_to.get(name) != now.ship_to.get(name)):
		found.append(Readdressed(fields))
	if sent.standing is not now.standing:
		found.append(Restood(now.standing))
	if not found and sent.rest != now.rest:
		found.append(OtherwiseChanged())
	return found


def _number(name: str, now: Content, sent: Content) -> tuple[int, str]:
	row = now.rows.get(name) or sent.rows[name]
	return row.number, name


def taken_over(sent: Content, rows: Mapping[str, str]) -> Content:
	"""What was sent of an order, with the rows of the order that amends it.

	:param rows: row of the original -> row of the amended order; the original's other rows keep their names.
	"""
	return replace(
		sent,
		rows={rows.get(name, name): row for name, row in sent.rows.items()},
		sent_rows=tuple(rows.get(name, name) for name in sent.sent_rows),
		delivered={rows.get(name, name): quantity for name, quantity in sent.delivered.items()},
	)


def matching_rows(before: Sequence[Any], after: Sequence[Any]) -> dict[str, str]:
	"""Finds the rows of an amended order that stand for rows of its original.

	All rows are matched at once, because what one row stands for depends on the others: first those of the
	same Item and the same drop-shipping Supplier, then those of the same Item. As many rows as before stand
	for those in the same places; else rows of the same quantity are found first, in their order.

	:param before: the original's rows in their order, with `name`, `item_code`, `stock_qty`,
		`delivered_by_supplier` and `supplier`; likewise `after`.
	:returns: row of the original -> row of the amended order; rows that are gone are left out.
	"""
	found: dict[str, str] = {}
	for kind in (_item_and_drop_shipper, _item):
		olds, news = _grouped(_left(before, found), kind), _grouped(_left(after, found.values()), kind)
		for key, rows in olds.items():
			found |= _matched(rows, news.get(key, []))
	return found


def _item_and_drop_shipper(row: Any) -> tuple[str, str]:
	return row.item_code, (row.supplier or "") if row.delivered_by_supplier else ""


def _item(row: Any) -> str:
	return row.item_code


def _quantity(row: Any) -> float:
	return float(row.stock_qty or 0)


def _matched(olds: Sequence[Any], news: Sequence[Any]) -> dict[str, str]:
	"""Matches rows of one kind, each once, until one side has none left."""
	if len(olds) == len(news):
		return _in_order(olds, news)
	found: dict[str, str] = {}
	same = _grouped(news, _quantity)
	for quantity, rows in _grouped(olds, _quantity).items():
		found |= _in_order(rows, same.get(quantity, []))
	return found | _in_order(_left(olds, found), _left(news, found.values()))


def _in_order(olds: Iterable[Any], news: Iterable[Any]) -> dict[str, str]:
	return {old.name: new.name for old, new in zip(olds, news, strict=False)}


def _left(rows: Iterable[Any], found: Collection[str]) -> list[Any]:
	return [row for row in rows if row.name not in found]


def _grouped(rows: Iterable[Any], kind: Callable[[Any], Hashable]) -> dict[Hashable, list[Any]]:
	groups: dict[Hashable, list[Any]] = {}
	for row in rows:
		groups.setdefault(kind(row), []).append(row)
	return groups
