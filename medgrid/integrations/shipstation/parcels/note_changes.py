"""Decides what a vendor's parcels change on each Delivery Note, once each has its note. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from medgrid.integrations.shipstation.parcels.assignment import Note, Parcel, VendorParcels


@dataclass
class Change:
	"""What one vendor's parcels change on one Delivery Note.

	:param removed: numbers.
	:param added: parcels, the newest last.
	:param carried: the parcels that are on the note from now on, the newest last.
	:param gone: the carriers of the numbers that are removed.
	"""

	removed: set[str] = field(default_factory=set)
	added: list[Parcel] = field(default_factory=list)
	carried: list[Parcel] = field(default_factory=list)
	gone: set[str] = field(default_factory=set)


def changes_of(
	vendor: VendorParcels,
	notes: Iterable[Note],
	found: Mapping[str, str | None],
	hooked: Mapping[str, Collection[str]],
) -> dict[str, Change]:
	"""What each note must show of a vendor's parcels and does not, and the other way round.

	:param found: what `assign` returned.
	:returns: by the note's name.
	"""
	changes = {note.name: Change() for note in notes}
	valid = {each.number for each in vendor.parcels if each.counts}
	for note in notes:
		change = changes[note.name]
		for parcel in vendor.parcels:
			is_here = found.get(parcel.key) == note.name
			stands = parcel.noted if parcel.note == note.name else None
			if not parcel.counts and parcel.number in note.numbers and parcel.number not in valid:
				# Also what a release wrote that did not note it.
				stands = parcel.number
			if not is_here and parcel.number in hooked.get(note.name, ()):
				stands = parcel.number
			if stands and not (is_here and stands == parcel.number):
				change.removed.add(stands)
				change.gone.add(vendor.carriers.get(parcel.key, ""))
			if is_here:
				change.carried.append(parcel)
				if stands != parcel.number:
					change.added.append(parcel)
	return changes
