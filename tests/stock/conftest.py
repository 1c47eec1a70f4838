import pytest


@pytest.fixture
def shelf(site):
	"""A warehouse and a price list that hold only what a test puts there. Everything is rolled back."""
	from tests.support.shelf import make_shelf

	return make_shelf()
