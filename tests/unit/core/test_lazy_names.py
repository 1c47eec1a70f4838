"""A package hands on names of its modules, and no others."""

import pytest

from medgrid.core.lazy_names import handed_on

PACKAGE = "medgrid.core"
FIND = handed_on(PACKAGE, {"plain_text": "text", "no_such_name": "text"})


def test_a_name_is_that_of_its_module():
	from medgrid.core.text import plain_text

	assert FIND("plain_text") is plain_text


@pytest.mark.parametrize("name", ["text", "__path__", "", "no_such_name"])
def test_another_name_is_none_of_the_package(name):
	import medgrid.core  # noqa: F401

	with pytest.raises(AttributeError, match="has no attribute"):
		FIND(name)
