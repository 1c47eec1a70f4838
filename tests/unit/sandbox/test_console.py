"""What a terminal is shown of text that others sent."""

import pytest

from sandbox.console import printable


@pytest.mark.parametrize(
	("text", "shown"),
	[
		("a < b & R&D O'Neill <b>x</b> é …", "a < b & R&D O'Neill <b>x</b> é …"),
		("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
		("one\r\ntwo", r"one\r\ntwo"),
		("\u202egnp", r"\u202egnp"),
	],
)
def test_it_obeys_nothing(text, shown):
	assert printable(text) == shown
