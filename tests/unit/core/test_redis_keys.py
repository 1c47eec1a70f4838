"""Keys of values in Redis: whose they are can be read, of whom they are can not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.redis_keys import redis_key


def test_a_key_names_its_subject_and_scope():
	assert redis_key("limit", "site_1", "contact form") == "medgrid:limit:site_1:contact form"


@given(st.text(min_size=8))
def test_what_is_hashed_does_not_stand_in_the_key(person):
	key = redis_key("limit", "site_1", hashed=person)
	assert key.startswith("medgrid:limit:site_1:")
	assert person not in key
	assert key == redis_key("limit", "site_1", hashed=person)


@given(st.text(), st.text())
def test_two_values_have_two_keys(one, other):
	same = redis_key("limit", hashed=one) == redis_key("limit", hashed=other)
	assert same is (one == other)


@pytest.mark.parametrize("digits", [16, 32, 64])
def test_the_hash_is_as_long_as_asked(digits):
	assert len(redis_key("limit", hashed="a", digits=digits).rpartition(":")[2]) == digits


def test_an_empty_value_is_hashed_too():
	assert redis_key("limit", hashed="") != redis_key("limit")
