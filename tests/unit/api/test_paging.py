import pytest

from medgrid.api.paging import bounded_page_length, page_of


@pytest.mark.parametrize(
	("asked", "given"),
	[(1, 1), ("20", 20), (500, 500), (501, 500), ("0", 500), (0, 500), (10**12, 500), (-1, -1)],
)
def test_a_number_of_rows_is_at_most_500_and_0_means_all_of_those(asked, given):
	assert bounded_page_length(asked) == given


@pytest.mark.parametrize("value", ["many", None, [], "1.5", 1.5])
def test_what_is_no_whole_number_is_left_for_validation_to_refuse(value):
	assert bounded_page_length(value) == value


def test_without_any_paging_parameter_there_is_no_page():
	assert page_of(None, None) is None


@pytest.mark.parametrize(
	("start", "length", "page"), [(None, 5, (0, 5)), (40, None, (40, 20)), (0, 20, (0, 20))]
)
def test_either_parameter_asks_for_a_page(start, length, page):
	assert page_of(start, length) == page
