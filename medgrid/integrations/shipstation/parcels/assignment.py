"""Decides which parcel of an order belongs to which of its Delivery Notes. Pure. Contract: "How Tracking Pull
Works".

A parcel stays on its note while the label is valid. A new one goes to a note without a parcel that delivers
what is in it; then to a note that delivers more than its parcels have; then, once nothing is left to be
delivered, to the note with most of it. Otherwise it waits for the next note.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Parcel:
	"""A label.

	:param key: ShipStation's ID of the shipment.
	:param number: its tracking number; None: it has none that tracks the way to the customer.
	:param is_voided: whether the label does not count any more.
	:param quantities: what is in it, in the stock UOM, by row of the Sales Order; None: nobody knows.
	:param note: the Delivery Note to which it was assigned.
	:param noted: the number that MedGrid wrote there; None: none yet.
	"""

	key: str
	number: str | None
	is_voided: bool = False
	quantities: Mapping[str, Decimal] | None = None
	note: str | None = None
	noted: str | None = None

	@property
	def counts(self) -> bool:
		"""Whether its number belongs on a note."""
		return bool(self.number) and not self.is_voided


@dataclass(frozen=True)
class Note:
	"""A submitted Delivery Note.

	:param quantities: what it delivers of this vendor's rows, in the stock UOM, by row of the Sales Order.
	:param numbers: the tracking numbers that it shows, whoever wrote them.
	"""

	name: str
	quantities: Mapping[str, Decimal]
	numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class VendorParcels:
	"""The parcels of one vendor's part of a Sales Order.

	:param record: the name of the ShipStation Order.
	:param status: the record's; `delivery_note` likewise.
	:param lines: the names of the order's rows that the vendor has or had.
	:param parcels: in the order in which their labels were bought.
	:param carriers: ShipStation's names of the carriers, by the parcels' keys.
	:param made: the keys of the parcels of which MedGrid has made a Delivery Note.
	"""

	record: str
	supplier: str
	status: str
	delivery_note: str | None
	lines: frozenset[str]
	parcels: tuple[Parcel, ...]
	carriers: Mapping[str, str]
	made: frozenset[str] = frozenset()


@dataclass
class _Place:
	"""A note with what is left of it for further parcels."""

	note: Note
	is_taken: bool = False
	left: dict[str, Decimal] = field(default_factory=dict)

	def take(self, parcel: Parcel) -> None:
		self.is_taken = True
		for row, quantity in (parcel.quantities or {}).items():
			self.left[row] = self.left.get(row, Decimal()) - quantity

	def common(self, parcel: Parcel) -> Decimal:
		"""How much of the parcel the note delivers."""
		inside, delivered = parcel.quantities or {}, self.note.quantities
		return sum((min(inside[row], delivered[row]) for row in inside if row in delivered), Decimal())

	def is_same(self, parcel: Parcel) -> bool:
		return dict(parcel.quantities or {}) == dict(self.note.quantities)

	def has_room(self, parcel: Parcel) -> bool:
		inside = parcel.quantities or {}
		return bool(inside) and all(self.left.get(row, Decimal()) >= inside[row] for row in inside)


def assign(
	parcels: Sequence[Parcel], notes: Sequence[Note], undelivered: Iterable[str]
) -> dict[str, str | None]:
	"""Assigns parcels to notes.

	:param parcels: all of one vendor's order, in the order in which their labels were bought.
	:param notes: the submitted notes with this vendor's rows, oldest first.
	:param undelivered: the vendor's rows that these notes do not deliver in full.
	:returns: for each parcel that counts, its `key` and the name of its note; None: it waits for one.
	"""
	places = {note.name: _Place(note, left=dict(note.quantities)) for note in notes}
	rest = frozenset(undelivered)
	found: dict[str, str | None] = {}
	new: list[Parcel] = []
	for parcel in (each for each in parcels if each.counts):
		place = places.get(parcel.note or "") or _showing(parcel, places.values())
		found[parcel.key] = place.note.name if place else None
		if place:
			place.take(parcel)
		else:
			new.append(parcel)
	for parcel in new:
		if place := _place_for(parcel, list(places.values()), rest):
			place.take(parcel)
			found[parcel.key] = place.note.name
	return found


def _showing(parcel: Parcel, places: Iterable[_Place]) -> _Place | None:
	"""The note on which somebody, or an earlier release, has written the parcel's number."""
	return next((place for place in places if parcel.number in place.note.numbers), None)


def _place_for(parcel: Parcel, places: list[_Place], undelivered: frozenset[str]) -> _Place | None:
	concerned = [place for place in places if parcel.quantities is None or place.common(parcel)]
	free = [place for place in concerned if not place.is_taken]
	if free:
		return max(free, key=lambda place: (place.is_same(parcel), place.common(parcel)))
	roomy = [place for place in concerned if place.has_room(parcel)]
	if roomy:
		return roomy[0]
	if undelivered and (parcel.quantities is None or undelivered.intersection(parcel.quantities)):
		return None
	# `max` returns the first of equals: of two notes with as much of the parcel, the newer one.
	return max(reversed(concerned), key=lambda place: place.common(parcel), default=None)
