"""The types of what other systems send: what stays as it came, and what is no value of its kind."""

import unicodedata
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from medgrid.core import foreign_types as types

MARKUP = "<img src=x onerror=alert(1)>"
REFUSED = object()


def read(kind, value):
	try:
		return TypeAdapter(kind).validate_python(value)
	except ValidationError:
		return REFUSED


@pytest.mark.parametrize(
	("text", "kept"),
	[
		("a < b", "a < b"),
		("R&D", "R&D"),
		("O'Neill", "O'Neill"),
		("<b>bold</b>", "<b>bold</b>"),
		(MARKUP, MARKUP),
		("=HYPERLINK(1)", "=HYPERLINK(1)"),
		("Łódź ул. Ленина 文字", "Łódź ул. Ленина 文字"),
		(" two  blanks ", " two  blanks "),
		("non\N{NO-BREAK SPACE}breaking", "non\N{NO-BREAK SPACE}breaking"),
		("A\0B", "AB"),
		("u\u202eps\u2066", "ups"),
		("zero\u200bwidth\ufeff", "zerowidth"),
		("می\u200cخواهم", "می\u200cخواهم"),
		("Latin\u200djoined", "Latinjoined"),
		("half \ud800", "half "),
		("T8\r\nX: y\tz", "T8  X: y z"),
		("bell\x07\x9b", "bell"),
		("x" * 500, "x" * 140),
	],
)
def test_a_text_is_kept_as_it_came_without_what_cannot_be_seen(text, kept):
	assert read(types.Text, text) == kept


def is_removed(char):
	"""What stays of the format characters is `tests.unit.core.test_text`'s."""
	return char not in "\u200c\u200d" and not unicodedata.name(char, "").startswith(SIGNS)


SIGNS = ("ARABIC ", "SYRIAC ABBREVIATION MARK", "KAITHI NUMBER SIGN")


@given(st.text(alphabet=st.characters()))
def test_no_text_has_characters_that_cannot_be_seen_or_stored(text):
	for kind, most in ((types.Text, 140), (types.Word, 60), (types.Sentence, 500), (types.Sku, 140)):
		kept = read(kind, text)
		assert len(kept) <= most
		removed = {unicodedata.category(char) for char in kept if is_removed(char)}
		assert not removed & {"Cc", "Cs", "Cf", "Zl", "Zp"}
		kept.encode()


@pytest.mark.parametrize(
	("written", "sku"),
	[
		("GAUZE-4X4", "GAUZE-4X4"),
		("a < b & c", "a < b & c"),
		("GAUZE ", "GAUZE "),
		("GA\u200bUZE", "GAUZE…"),
		("می\u200cخواهم", "می\u200cخواهم…"),
		("G" * 140, "G" * 140),
		("G" * 141, "G" * 139 + "…"),
	],
)
def test_a_sku_that_had_to_be_changed_is_no_items_code(written, sku):
	assert read(types.Sku, written) == sku


TABLE: dict[Any, tuple[list[Any], list[Any]]] = {
	types.TrackingNumber: (
		["1Z999AA10123456784", "9400 1000 0000", "A-1/2_3.4", " 1Z ", "9" * 50],
		[
			"",
			MARKUP,
			"=cmd|'/c calc'!A1",
			"-1",
			"1Z\n",
			"1Z\0",
			"u\u202eps",
			"١٢٣",
			"9" * 51,
			7,
			None,
			["1Z"],
		],
	),
	types.CarrierCode: (
		["ups", "stamps_com", "dhl_express_worldwide"],
		["", "UPS", "u ps", "<b>", "ups\n", "a\0b", "x" * 51, "ﬁ", "Harbor Wound & Derma", 5],
	),
	types.CarrierName: (
		["ups", "Harbor Wound & Derma", "Österreichische Post"],
		["", MARKUP, "=1", "a\0b", "u\u202eps", "x" * 140, 5],
	),
	types.ServiceCode: (["usps_priority_mail", "FEDEX-2DAY"], ["", "=cmd", MARKUP, "x" * 101, "a b"]),
	types.NumericId: (
		[1, "9", 2**63 - 1, "90000001"],
		[
			"",
			0,
			-1,
			1.0,
			True,
			"9" * 19,
			"9" * 200,
			"01",
			"٣",
			"1\n",
			"../../x?y=1",
			"<b onclick=1>",
			None,
			{},
		],
	),
	types.IdNumber: ([1, 2**63 - 1], [0, -1, "1", 1.5, True, 2**63, None]),
	types.CurrencyCode: (["USD"], ["", "usd", "US", "USDX", MARKUP, "ÜSD", 5]),
	types.Url: (
		["https://ups.com/track?n=1Z&l=en", "HTTP://x.example", "https://ü.example/ö"],
		[
			"",
			"javascript:alert(1)",
			"//x.example",
			'https://x/"onmouseover="alert(4)',
			"https://x/'a",
			"https://x.example/1Z <img>",
			"https://x/\n",
			"https://x/\u202e",
			"https://x/" + "a" * 1000,
			5,
		],
	),
	types.OrderName: (
		["#1042", "EX-1042/B", "Größe 7"],
		["", MARKUP, 'a"b', "#\u202e1", "#1\n", "x" * 61, 5],
	),
	types.Key: (["SAL-ORD-2026-00001", "a b"], ["a\u200bb", "می\u200cخواهم", "a\nb", "x" * 141, 5, None]),
	types.Count: ([0, 3, 99999999999], [-1, "3", 3.0, 2**63, None, True]),
	types.Quantity: ([0, -5, 10**15], [1.5, "5", 10**16, None, True]),
	types.Money: (
		["10.00", 5, 28.1, Decimal("0.01"), "-3"],
		["NaN", "inf", "1e400", 1e300, float("nan"), "1" * 50, "", "ten", "١", None, True, []],
	),
	types.Moment: (
		["2026-11-21T18:03:04Z", "2100-12-31T23:59:59-14:00", "2000-01-01T00:00:00+14:00"],
		[
			"0001-01-01T00:00:00+14:00",
			"9999-12-31T23:59:59-14:00",
			"1999-12-31T23:59:59Z",
			"2101-01-01T00:00:00Z",
			"2026-11-21T18:03:04",
			1764000000,
			"1764000000",
			"",
			"yesterday",
			"2" * 50,
			None,
		],
	),
	types.Day: (["2026-11-21"], ["9999-12-31", "0001-01-01", "", 5, "x", None]),
}


@pytest.mark.parametrize(
	("kind", "value"), [(kind, value) for kind, (good, _bad) in TABLE.items() for value in good]
)
def test_a_value_of_the_kind_is_taken(kind, value):
	assert read(kind, value) is not REFUSED


@pytest.mark.parametrize(
	("kind", "value"), [(kind, value) for kind, (_good, bad) in TABLE.items() for value in bad]
)
def test_a_value_of_another_kind_is_refused_and_not_repaired(kind, value):
	assert read(kind, value) is REFUSED


@given(
	st.sampled_from(list(TABLE)),
	st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=3),
)
def test_no_value_makes_a_type_fail_in_another_way(kind, value):
	read(kind, value)


def test_a_time_that_is_taken_can_be_converted_to_any_zone():
	for written in ("2100-12-31T23:59:59-14:00", "2000-01-01T00:00:00+14:00"):
		read(types.Moment, written).astimezone(timezone.utc)


def test_an_amount_has_at_most_nine_decimal_places():
	assert read(types.Money, "1e-30") == 0
	assert read(types.Money, 28.1) == Decimal("28.1")


class Record(BaseModel):
	number: types.Annotated[types.TrackingNumber | None, types.none_if_invalid] = None
	strict: types.Annotated[types.TrackingNumber | None, types.none_if_empty] = None
	moment: types.Annotated[types.Moment | None, types.none_if_invalid] = None


def test_a_field_that_a_record_can_do_without_is_none():
	record = Record(number=MARKUP, strict=" ", moment="9999-01-01T00:00:00Z")
	assert (record.number, record.strict, record.moment) == (None, None, None)
	assert Record(moment="2026-01-01T00:00:00Z").moment == datetime(2026, 1, 1, tzinfo=timezone.utc)


def test_a_field_that_it_needs_makes_the_record_invalid():
	with pytest.raises(ValidationError):
		Record(strict=MARKUP)
