"""What a vendor's parcels change on each Delivery Note. Contract: "How Tracking Pull Works"."""

from medgrid.integrations.shipstation.parcels.assignment import Note, Parcel, VendorParcels
from medgrid.integrations.shipstation.parcels.note_changes import Change, changes_of
from medgrid.integrations.shipstation.parcels.tracking_text import numbers_in


def parcel(key: str, **values) -> Parcel:
	return Parcel(**{"key": key, "number": f"1Z{key}", **values})


def note(name: str, text: str = "") -> Note:
	return Note(name, {}, numbers_in(text))


def changes(parcels, notes, found, hooked=None) -> dict[str, Change]:
	carriers = {each.key: f"carrier-{each.key}" for each in parcels}
	vendor = VendorParcels("R1", "Vendor", "Shipped", None, frozenset({"r1"}), tuple(parcels), carriers)
	return changes_of(vendor, notes, found, hooked or {})


def test_a_new_parcel_is_added_to_its_note_and_to_no_other():
	a = parcel("a")
	found = changes([a], [note("N1"), note("N2")], {"a": "N2"})
	assert found == {"N1": Change(), "N2": Change(added=[a], carried=[a])}


def test_a_parcel_that_waits_for_a_note_changes_none():
	assert changes([parcel("a")], [note("N1")], {"a": None}) == {"N1": Change()}


def test_a_parcel_that_is_noted_is_carried_and_not_added_again():
	a, b = parcel("a", note="N1", noted="1Za"), parcel("b")
	found = changes([a, b], [note("N1", "1Za")], {"a": "N1", "b": "N1"})
	assert found == {"N1": Change(added=[b], carried=[a, b])}


def test_a_corrected_number_takes_the_place_of_the_one_that_was_noted():
	a = parcel("a", number="1Znew", note="N1", noted="1Zold")
	[change] = changes([a], [note("N1", "1Zold")], {"a": "N1"}).values()
	assert (change.removed, change.added, change.gone) == ({"1Zold"}, [a], {"carrier-a"})


def test_the_number_of_a_voided_label_is_removed_with_its_carrier():
	a = parcel("a", is_voided=True, note="N1", noted="1Za")
	[change] = changes([a], [note("N1", "1Za")], {"a": None}).values()
	assert change == Change(removed={"1Za"}, gone={"carrier-a"})


def test_the_number_of_a_voided_label_is_removed_where_nobody_noted_it():
	a = parcel("a", is_voided=True)
	found = changes([a], [note("N1", "1Za"), note("N2", "other")], {"a": None})
	assert found == {"N1": Change(removed={"1Za"}, gone={"carrier-a"}), "N2": Change()}


def test_a_number_stays_if_another_label_with_it_counts():
	a, b = parcel("a", is_voided=True), parcel("b", number="1Za", note="N1", noted="1Za")
	[change] = changes([a, b], [note("N1", "1Za")], {"a": None, "b": "N1"}).values()
	assert change == Change(carried=[b])


def test_a_parcel_that_moves_leaves_one_note_for_the_other():
	a = parcel("a", note="N1", noted="1Za")
	found = changes([a], [note("N1", "1Za"), note("N2")], {"a": "N2"})
	assert found == {
		"N1": Change(removed={"1Za"}, gone={"carrier-a"}),
		"N2": Change(added=[a], carried=[a]),
	}


def test_what_a_submission_wrote_is_removed_if_another_note_got_the_parcel_meanwhile():
	a = parcel("a", note="N1", noted="1Za")
	found = changes([a], [note("N1", "1Za"), note("N2", "1Za")], {"a": "N1"}, {"N2": ["1Za"]})
	assert found == {"N1": Change(carried=[a]), "N2": Change(removed={"1Za"}, gone={"carrier-a"})}
