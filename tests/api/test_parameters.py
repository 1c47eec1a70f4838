import pytest

from medgrid.api.parameters import DocumentName, Offset, PageLength, ParameterSchema, SearchText
from medgrid.exceptions import InvalidInput


def example(name: DocumentName, text: SearchText = "x", start: Offset | None = None, free: str = ""):
	"""Parameters as an RPC declares them."""


def paged(limit_page_length: PageLength | None = None):
	"""A list's page."""


def refusal(function, **arguments):
	with pytest.raises(InvalidInput) as caught:
		ParameterSchema(function).validate(arguments)
	return str(caught.value)


def test_values_come_back_with_their_declared_types_and_defaults():
	values = ParameterSchema(example).validate({"name": " A ", "start": "5", "other": 1})
	assert values == {"name": "A", "text": "x", "start": 5, "free": ""}


def test_every_problem_is_named_in_one_answer():
	sentence = refusal(example, text=" \t", start="soon")
	assert "Parameter name is missing." in sentence
	assert "start is invalid" in sentence


def test_a_blank_required_parameter_is_refused():
	assert refusal(example, name="  ") == "Parameter name must not be blank."


def test_a_blank_optional_parameter_counts_as_not_given():
	assert ParameterSchema(example).validate({"name": "A", "start": "", "text": " "})["text"] == "x"


def test_text_is_bounded_even_without_a_bound_of_its_own():
	assert (
		refusal(example, name="A", free="x" * 1001) == "Parameter free is too long: at most 1000 characters."
	)


def test_a_refusal_repeats_no_value():
	assert "hunter2" not in refusal(example, name=["hunter2"])


@pytest.mark.parametrize(("asked", "given"), [("0", 500), (7, 7), ("9999", 500)])
def test_page_length_is_bounded(asked, given):
	assert ParameterSchema(paged).validate({"limit_page_length": asked}) == {"limit_page_length": given}


@pytest.mark.parametrize("asked", [-1, "many", 1.5, {}])
def test_a_wrong_page_length_is_refused(asked):
	assert "limit_page_length is invalid" in refusal(paged, limit_page_length=asked)


def listed(line_items: list[DocumentName]):
	"""A list."""


def test_an_answer_names_five_wrong_values_at_most():
	sentence = refusal(listed, line_items=[{"wrong": 1}] * 400)
	assert sentence.count("Parameter line_items.") == 5


@pytest.mark.parametrize("entries", [["A"] * 501, [{}] * 300_000, dict.fromkeys(range(501))])
def test_a_list_is_bounded(entries):
	assert refusal(listed, line_items=entries) == "Parameter line_items is too long: at most 500 entries."
