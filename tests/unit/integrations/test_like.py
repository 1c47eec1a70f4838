"""Searching for a text as it is."""

import re

from hypothesis import given
from hypothesis import strategies as st

from medgrid.integrations.like import containing


def matches(pattern: str, text: str) -> bool:
	"""As SQL's LIKE, with a backslash before what is meant literally."""
	parts = re.findall(r"\\.|.", pattern, re.DOTALL)
	meant = {"%": ".*", "_": "."}
	expression = "".join(meant.get(part) or re.escape(part[-1]) for part in parts)
	return re.fullmatch(expression, text, re.DOTALL) is not None


@given(sought=st.text("ab%_\\", max_size=4), text=st.text("ab%_\\", max_size=8))
def test_what_is_found_contains_the_text_as_it_is(sought, text):
	assert matches(containing(sought), text) == (sought in text)
