"""Numbers leave as they are, and come back as they left."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from medgrid.http_client.json_reader import read_json
from medgrid.http_client.json_writer import write_json

numbers = st.decimals("-1e16", "1e16", places=6, allow_nan=False)
values = st.recursive(
	st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text() | numbers,
	lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(), each, max_size=4),
	max_leaves=20,
)


@given(numbers)
def test_a_number_comes_back_as_it_left(number):
	back = read_json(write_json([number]).encode(), exact=True)[0]
	assert Decimal(back) == number


@given(values)
def test_the_text_is_json_with_the_same_content(content):
	text = write_json(content, sort_keys=True)
	assert write_json(json.loads(text, parse_float=Decimal), sort_keys=True) == text


@pytest.mark.parametrize(
	("number", "text"),
	[
		("57.00", "57"),
		("28.50", "28.5"),
		("-0.00", "0"),
		("1E+3", "1000"),
		("1E-6", "0.000001"),
		("100", "100"),
	],
)
def test_a_number_has_no_exponent_and_no_zeros_at_its_end(number, text):
	assert write_json(Decimal(number)) == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_not_finite_is_refused(number):
	with pytest.raises(ValueError, match="not finite"):
		write_json([Decimal(number)])


def test_secrets_are_revealed_and_anything_else_is_refused():
	assert write_json({"a": SecretStr("x")}) == '{"a":"x"}'
	with pytest.raises(TypeError, match="object cannot be sent"):
		write_json(object())


@given(st.text('"0.-', max_size=8), numbers)
def test_texts_that_look_like_numbers_stay_texts(text, number):
	assert json.loads(write_json({"text": text, "number": number}), parse_float=Decimal)["text"] == text
