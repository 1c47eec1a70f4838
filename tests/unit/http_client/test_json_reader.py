"""Foreign JSON: what is within the limits is read as Python reads it, everything else is refused."""

import json
import math
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from medgrid.http_client.json_reader import (
	JsonLimits,
	JsonRefused,
	NotJson,
	check_shape,
	checked_text,
	read_json,
)

# How long a machine that does other things takes for one example says nothing.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
scalars = (
	st.none()
	| st.booleans()
	| st.integers(-(10**18), 10**18)
	| st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
	scalars | storable,
	lambda inner: st.lists(inner, max_size=5) | st.dictionaries(storable, inner, max_size=5),
	max_leaves=40,
)


@unhurried
@given(values, st.booleans())
def test_what_python_writes_is_read_as_it_was(value, ascii_only):
	written = json.dumps(value, ensure_ascii=ascii_only).encode()
	assert read_json(written, JsonLimits(max_depth=100)) == value


@unhurried
@given(st.binary(max_size=200))
@example(b'"\\')
@example(b'{"a": "\xff"}')
def test_no_bytes_make_it_fail_in_another_way(text):
	with suppress(JsonRefused):
		read_json(text)


@unhurried
@given(
	values.map(lambda value: json.dumps(value).encode())
	| st.binary(max_size=80)
	| st.text('[]{}",:\\ u0d8').map(str.encode),
	st.integers(1, 6),
	st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
@example(b'"\\ud800"', 3, b"")
@example(b'{"a": "\\u0000"}', 3, b"")
def test_a_text_for_another_reader_has_the_same_limits(text, depth, mark):
	limits = JsonLimits(max_depth=depth, max_elements=30, max_bytes=500)
	try:
		read_json(mark + text, limits)
	except NotJson:
		return
	except JsonRefused as refused:
		if "number" in str(refused):
			# Numbers are the other reader's.
			return
		with pytest.raises(JsonRefused):
			checked_text(mark + text, limits)
	else:
		assert checked_text(mark + text, limits) == text


@unhurried
@given(st.text('[]{}",:\\ au0', max_size=80))
def test_counting_refuses_nothing_that_is_within_the_limits(text):
	"""The count is a reading of its own: where Python reads something, it must come to the same depth."""
	try:
		value = json.loads(text)
	except ValueError:
		return
	limits = JsonLimits(max_depth=max(1, depth_of(value)), max_elements=0)
	with_room = JsonLimits(max_depth=limits.max_depth, max_elements=1000)
	if "\\u" not in text:
		assert read_json(text.encode(), with_room) == value
	if depth_of(value) > 1:
		with pytest.raises(JsonRefused):
			read_json(text.encode(), JsonLimits(max_depth=depth_of(value) - 1, max_elements=1000))


def depth_of(value) -> int:
	if isinstance(value, dict):
		return 1 + max(map(depth_of, value.values()), default=0)
	return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@pytest.mark.parametrize(
	("text", "reason"),
	[
		(b"", "not JSON"),
		(b"<html>", "not JSON"),
		(b'{"a": 1', "not JSON"),
		(b'["a', "not JSON"),
		(b"NaN", "not finite"),
		(b"[1, -Infinity]", "not finite"),
		(b'{"a": 1e999}', "not finite"),
		(b"1" * 5000, "more than 40 characters"),
		(b"0." + b"1" * 5000, "more than 40 characters"),
		(b'"\xff"', "not UTF-8"),
		(b'"\xed\xa0\x80"', "not UTF-8"),
		(b'"\\ud800"', "surrogate"),
		(b'{"\\udfff": 1}', "surrogate"),
		(b'[{"a": ["\\u0000"]}]', "NUL"),
		(b'"a\0b"', "not JSON"),
		("{}".encode("utf-16"), "not UTF-8"),
	],
)
def test_what_cannot_be_stored_or_is_no_json_is_refused(text, reason):
	with pytest.raises(JsonRefused, match=reason):
		read_json(text)


@pytest.mark.parametrize(
	"text", [b'"\\ud83d\\ude00"', b'"\\\\ud800"', b'"\\\\u0000"', b'\xef\xbb\xbf"\xf0\x9f\x98\x80"']
)
def test_whole_characters_are_taken_however_they_are_written(text):
	assert read_json(text) == json.loads(text.decode("utf-8-sig"))


def test_nesting_is_counted_and_never_exhausts_the_stack():
	assert read_json(b"[" * 32 + b"]" * 32)
	for opening in (b"[", b'{"a":', b'[{"":'):
		with pytest.raises(JsonRefused, match="nested"):
			read_json(opening * 100_000)


def test_brackets_and_commas_within_texts_do_not_count():
	text = json.dumps(['[{,\\"' * 10_000]).encode()
	assert read_json(text, JsonLimits(max_depth=1, max_elements=1))


def test_elements_are_counted_before_anything_is_built():
	limits = JsonLimits(max_elements=1000)
	assert len(read_json(b"[" + b",".join([b"0"] * 1000) + b"]", limits)) == 1000
	with pytest.raises(JsonRefused, match="elements"):
		read_json(b"[" + b",".join([b"[]"] * 1000) + b"]", limits)


def test_a_text_that_is_too_large_is_refused_unread():
	with pytest.raises(JsonRefused, match="more than 10 bytes"):
		read_json(b" " * 11, JsonLimits(max_bytes=10))


@pytest.mark.parametrize(
	"text_of",
	[
		lambda size: b'"' + b'\\"' * size,
		lambda size: b'["' + b"\\\\" * size + b'"' + b"[" * 40,
		lambda size: b'"' * (2 * size + 1) + b"[" * 40,
	],
	ids=["quotes", "backslashes", "empty strings"],
)
def test_the_work_grows_no_faster_than_the_text(text_of):
	small, large = (processor_seconds(text_of(size)) for size in (50_000, 400_000))
	assert large < 32 * small + 0.1


def processor_seconds(text):
	"""Of this thread, the least of three: what else the machine does makes no difference."""
	least = math.inf
	for _attempt in range(3):
		began = time.thread_time()
		with pytest.raises(JsonRefused):
			read_json(text)
		least = min(least, time.thread_time() - began)
	return least


def test_a_refusal_quotes_nothing():
	with pytest.raises(JsonRefused) as caught:
		read_json(b'{"token": "canary", oops')
	assert "canary" not in str(caught.value)
	assert caught.value.__cause__ is None and caught.value.__context__ is None


# The count alone


def deepest(text: bytes) -> int:
	"""How deep a parser is when it has read everything up to here, counted one character after the other."""
	depth = deepest = 0
	in_string = escaped = False
	for char in text.decode():
		if in_string:
			in_string, escaped = char != '"' or escaped, char == "\\" and not escaped
		elif char == '"':
			in_string, escaped = True, False
		elif char in "[{":
			depth += 1
			deepest = max(deepest, depth)
		elif char in "]}":
			# What closes nothing ends a parser's work.
			depth = max(0, depth - 1)
	return deepest


@unhurried
@given(st.text('[[[{{]]}}",:0', max_size=200), st.integers(1, 6))
@example('[[["[[[" ]]', 3)
@example('{"\\\\"[[', 2)
@example("]][[[]", 2)
@example("[]][[[][]", 3)
def test_depth_is_counted_as_a_parser_meets_it(text, max_depth):
	limits = JsonLimits(max_depth=max_depth, max_elements=1000)
	if deepest(text.encode()) > max_depth:
		with pytest.raises(JsonRefused, match="nested"):
			check_shape(text.encode(), limits)
	else:
		check_shape(text.encode(), limits)


@unhurried
@given(st.lists(st.sampled_from(["\\", '"', "\\\\", "[", "a", "]"]), max_size=60).map("".join))
def test_backslashes_are_counted_within_texts(inside):
	"""Whatever is in a text, what follows it is counted."""
	text = json.dumps({inside: [[[[inside]]]]}).encode()
	check_shape(text, JsonLimits(max_depth=5))
	with pytest.raises(JsonRefused):
		check_shape(text, JsonLimits(max_depth=4))


MILLIONS = 12_000_000
# Functions: all of them at once are 264 MB, and each process that collects the tests would make them.
LARGE = {
	"openings": lambda: b"[" * 2 * MILLIONS,
	"closings": lambda: b"]" * 2 * MILLIONS,
	"nested": lambda: b"[" * MILLIONS + b"]" * MILLIONS,
	"pairs": lambda: b"[]" * MILLIONS,
	"pairs in a list": lambda: b"[" + b"[]," * (MILLIONS // 2) + b"]",
	"texts": lambda: b'[""' + b',""' * (MILLIONS // 2),
	"stairs": lambda: (b"[" * 32 + b"]" * 32) * (MILLIONS // 32),
	"quotes": lambda: b"[" * 40 + b'"' * 2 * MILLIONS,
	"backslashes": lambda: b"[" * 40 + b'"' + b"\\" * 2 * MILLIONS,
	"escaped quotes": lambda: b"[" * 40 + b'"' + b'\\"' * MILLIONS,
	"both closed wrongly": lambda: b"[}" * MILLIONS,
}


@pytest.mark.parametrize("text", LARGE)
def test_the_count_of_24_mb_takes_a_moment(text):
	large = LARGE[text]()
	began = time.process_time()
	with suppress(JsonRefused):
		check_shape(large)
	assert time.process_time() - began < 2


def test_numbers_can_be_read_as_their_text():
	found = read_json(b"[0.1, 1e2, 12345678901234567890.05, 7]", exact=True)
	assert found == [Decimal("0.1"), Decimal("100"), Decimal("12345678901234567890.05"), 7]
	assert [type(each) for each in found] == [Decimal, Decimal, Decimal, int]


@pytest.mark.parametrize("text", [b"[NaN]", b"[Infinity]", b"[0." + b"1" * 40 + b"]"])
def test_numbers_read_as_their_text_have_the_same_bounds(text):
	with pytest.raises(JsonRefused):
		read_json(text, exact=True)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("beside", ["", "0" * 41, "1." + "e+-" * 20])
def test_numbers_are_read_alike_beside_a_text_of_many_digits(beside, exact):
	text = json.dumps([beside, 7, -12, 0.25]).encode()
	found = read_json(text, exact=exact)
	assert found == [beside, 7, -12, 0.25]
	assert [type(each) for each in found[1:]] == [int, int, Decimal if exact else float]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("number", ["1" * 41, "-" + "1" * 40, "0." + "1" * 39, "1e" + "0" * 38 + "1"])
def test_one_number_of_too_many_characters_is_refused_among_others(number, exact):
	with pytest.raises(JsonRefused, match="more than 40 characters"):
		read_json(f'[1, 2.5, {{"a": {number}}}]'.encode(), exact=exact)
