"""Which parcel goes to which Delivery Note. Contract: "How Tracking Pull Works"."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.integrations.shipstation.parcels.assignment import Note, Parcel, assign
from medgrid.integrations.shipstation.parcels.tracking_text import MAX_LENGTH, edit, numbers_in


def parcel(key: str, contents: dict | None = None, **values) -> Parcel:
	quantities = None if contents is None else {row: Decimal(number) for row, number in contents.items()}
	return Parcel(**{"key": key, "number": f"1Z{key}", "quantities": quantities, **values})


def note(name: str, contents: dict, text: str = "") -> Note:
	return Note(name, {row: Decimal(number) for row, number in contents.items()}, numbers_in(text))


ONE = {"r1": 1}
BOTH = {"r1": 1, "r2": 1}


@pytest.mark.parametrize(
	("parcels", "notes", "undelivered", "expected"),
	[
		# E1: note 1 has a parcel; the second label waits for the second note, and gets it.
		(
			[parcel("a", {"r1": 2}, note="N1"), parcel("b", {"r1": 2})],
			[note("N1", ONE)],
			["r1"],
			["N1", None],
		),
		(
			[parcel("a", {"r1": 2}, note="N1"), parcel("b", {"r1": 2})],
			[note("N1", ONE), note("N2", ONE)],
			[],
			["N1", "N2"],
		),
		# The same if ShipStation does not say what is in the parcels.
		([parcel("a", note="N1"), parcel("b")], [note("N1", ONE)], ["r1"], ["N1", None]),
		([parcel("a"), parcel("b")], [note("N1", ONE), note("N2", ONE)], [], ["N1", "N2"]),
		# A second note without a parcel of its own does not start with the first one's.
		([parcel("a", {"r1": 2}, note="N1")], [note("N1", ONE), note("N2", ONE)], [], ["N1"]),
		# E2: one note that delivers all has all parcels.
		([parcel("a", {"r1": 2}), parcel("b", {"r1": 2})], [note("N1", {"r1": 2})], [], ["N1", "N1"]),
		([parcel("a"), parcel("b")], [note("N1", ONE)], [], ["N1", "N1"]),
		# One note that delivers what is in both, while more of the order is open.
		([parcel("a", ONE), parcel("b", ONE)], [note("N1", {"r1": 2})], ["r1"], ["N1", "N1"]),
		# What is in the parcels says which note, whatever the order.
		(
			[parcel("a", {"r2": 1}), parcel("b", ONE)],
			[note("N1", ONE), note("N2", {"r2": 1})],
			[],
			["N2", "N1"],
		),
		([parcel("a", BOTH), parcel("b", ONE)], [note("N1", ONE), note("N2", BOTH)], [], ["N2", "N1"]),
		# Nothing of the parcel is on the note: it waits, although another row is open.
		([parcel("a", {"r2": 1})], [note("N1", ONE)], ["r2"], [None]),
		([parcel("a", {"r2": 1})], [], ["r1", "r2"], [None]),
		# A note was cancelled: its parcel goes to the one that amends it.
		([parcel("a", ONE, note="N1")], [note("N1-1", ONE)], [], ["N1-1"]),
		# A voided label frees its note for the next one.
		(
			[parcel("a", ONE, note="N1", is_voided=True), parcel("b", ONE)],
			[note("N1", ONE)],
			["r1"],
			["N1"],
		),
		# Somebody wrote the number by hand, or release 0.1 did.
		([parcel("a", ONE)], [note("N1", ONE), note("N2", ONE, "our van, 1Za")], [], ["N2"]),
	],
)
def test_each_parcel_has_its_note(parcels, notes, undelivered, expected):
	found = assign(parcels, notes, undelivered)
	assert [found[each.key] for each in parcels if each.counts] == expected


def test_a_label_without_a_number_counts_on_no_note():
	assert assign([parcel("a", ONE, number=None)], [note("N1", ONE)], []) == {}


rows = st.sampled_from(["r1", "r2", "r3"])
contents = st.dictionaries(rows, st.integers(1, 5).map(Decimal), min_size=1, max_size=3)
notes_of_order = st.lists(contents, max_size=4).map(
	lambda every: [Note(f"N{number}", quantities) for number, quantities in enumerate(every)]
)
parcels_of_order = st.lists(
	st.tuples(st.none() | contents, st.booleans(), st.sampled_from([None, "N0", "N1", "gone"])), max_size=6
).map(
	lambda every: [
		Parcel(str(number), f"1Z{number}", is_voided=voided, quantities=quantities, note=name)
		for number, (quantities, voided, name) in enumerate(every)
	]
)


@given(parcels_of_order, notes_of_order, st.frozensets(rows))
def test_what_is_assigned_stays_and_a_second_run_changes_nothing(parcels, notes, undelivered):
	found = assign(parcels, notes, undelivered)
	assert set(found) == {each.key for each in parcels if each.counts}
	names = {each.name for each in notes}
	assert set(found.values()) <= {*names, None}
	for each in parcels:
		if each.counts and each.note in names:
			assert found[each.key] == each.note
	again = [replace(each, note=found.get(each.key)) for each in parcels]
	assert assign(again, notes, undelivered) == found


@given(parcels_of_order, notes_of_order)
def test_once_all_is_delivered_no_parcel_of_a_note_waits(parcels, notes):
	found = assign(parcels, notes, [])
	delivered = {row for each in notes for row in each.quantities}
	for each in parcels:
		is_concerned = each.quantities is None or delivered.intersection(each.quantities)
		if each.counts and notes and is_concerned:
			assert found[each.key] is not None


@given(notes_of_order, st.data())
def test_a_label_for_each_note_says_which_it_is(notes, data):
	"""Parcels that are packed as the notes say, in any order: each note gets one, and its own."""
	packed = [Parcel(each.name, f"1Z{each.name}", quantities=each.quantities) for each in notes]
	found = assign(data.draw(st.permutations(packed)), notes, [])
	assert sorted(filter(None, found.values())) == sorted(each.name for each in notes)
	by_name = {each.name: each for each in notes}
	for key, name in found.items():
		assert by_name[key].quantities == by_name[name].quantities


# The text

words = st.text(alphabet="abc XYZ-19,./", max_size=30)
numbers = st.lists(st.from_regex(r"1Z[0-9]{6,16}", fullmatch=True), max_size=8, unique=True)


@pytest.mark.parametrize(
	("text", "removed", "added", "expected"),
	[
		("", [], ["1Z1", "1Z2"], "1Z1, 1Z2"),
		(None, [], ["1Z1"], "1Z1"),
		("1Z1, 1Z2", ["1Z1"], [], "1Z2"),
		("1Z1", ["1Z1"], ["1Z3"], "1Z3"),
		# E5: the number is part of somebody's text.
		("PALLET-1778-9", ["778"], [], "PALLET-1778-9"),
		("PALLET-1778-9", ["1778"], ["1Z1"], "PALLET-1778-9, 1Z1"),
		("our van ,1Z1", ["1Z1"], [], "our van"),
		("UPS 1Z1", [], ["1Z1"], "UPS 1Z1"),
	],
)
def test_numbers_come_and_go_and_words_stay(text, removed, added, expected):
	assert edit(text, removed, added).text == expected


@given(words, numbers)
def test_what_was_added_is_taken_out_again_and_nothing_else_changes(text, added):
	before = text.strip().strip(",").strip()
	if set(added) & numbers_in(before):
		return
	edited = edit(before, [], added)
	assert len(edited.text) <= max(MAX_LENGTH, len(before))
	assert edit(edited.text, [], added).text == edited.text
	assert edit(edited.text, edited.written, []).text.replace(" ", "") == before.replace(" ", "")


@given(words, numbers, numbers)
def test_a_number_that_does_not_fit_is_not_taken_for_written(text, removed, added):
	edited = edit(text, removed, added)
	assert edited.written <= numbers_in(edited.text) & set(added)
	if len(edited.text) + 2 + max(map(len, added), default=0) <= MAX_LENGTH:
		assert edited.written == set(added)
