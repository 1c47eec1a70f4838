from typing import Literal

import pytest

from medgrid.api.parameters import Credential, DocumentName, Offset, PageLength, ParameterSchema, SearchText
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


@pytest.mark.parametrize("asked", [True, "\u0661", 1.5, "1.0", -1, "9" * 30, [0]])
def test_a_wrong_offset_is_refused(asked):
	assert "start is invalid" in refusal(example, name="A", start=asked)


@pytest.mark.parametrize("asked", [-1, "many", 1.5, {}, True, False, "\u0661", "1e2"])
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


# forms of a value


def every_kind(
	name: DocumentName,
	text: str = "none",
	number: int = 1,
	flag: bool = False,
	names: list[DocumentName] | None = None,
	share: float = 0.5,
	start: Offset | None = None,
	choice: Literal["a", "b"] = "a",
	facts: dict | None = None,
	key: Credential | None = None,
):
	"""Every kind of parameter."""


OPTIONAL = ["text", "number", "flag", "names", "share", "start", "choice", "facts", "key"]


@pytest.mark.parametrize("field", OPTIONAL)
@pytest.mark.parametrize("value", [None, "", " ", "\t\n"])
def test_null_and_blank_mean_not_given_for_every_optional_parameter(field, value):
	defaults = ParameterSchema(every_kind).validate({"name": "A"})
	assert ParameterSchema(every_kind).validate({"name": "A", field: value}) == defaults


def test_null_is_missing_for_a_required_parameter():
	assert refusal(every_kind, name=None) == "Parameter name is missing."


WRONG = ["x", "1.5", 1.5, -1, True, [], {}, ["a"], [1], {"a": 1}, [[1]], 10**30, "[]", float("inf")]


@pytest.mark.parametrize("field", ["name", *OPTIONAL])
@pytest.mark.parametrize("value", WRONG, ids=str)
def test_what_is_said_of_a_wrong_value_is_a_sentence_of_medgrids(field, value):
	try:
		ParameterSchema(every_kind).validate({"name": "A", field: value})
	except InvalidInput as refused:
		sentence = str(refused)
	else:
		return
	assert sentence.startswith(f"Parameter {field}")
	assert sentence.endswith(".")
	for word in ("Input", "valid ", "pydantic", "str_", "unable", "instance", "parse"):
		assert word not in sentence, sentence


@pytest.mark.parametrize(
	("given", "sentence"),
	[
		({"name": 7}, "Parameter name is invalid: it must be text."),
		({"number": "x"}, "Parameter number is invalid: it must be a whole number."),
		({"number": 1.5}, "Parameter number is invalid: it must be a whole number."),
		({"share": "x"}, "Parameter share is invalid: it must be a number."),
		({"flag": "x"}, "Parameter flag is invalid: it must be true or false."),
		({"names": "x"}, "Parameter names is invalid: it must be a list."),
		({"names": [1]}, "Parameter names.0 is invalid: it must be text."),
		({"start": -1}, "Parameter start is invalid: it must be 0 or more."),
		({"choice": "c"}, "Parameter choice is invalid: it must be one of 'a' or 'b'."),
		({"facts": "x"}, "Parameter facts is invalid: it must be an object."),
		({"key": 5}, "Parameter key is invalid: it must be text."),
	],
)
def test_each_kind_of_mistake_has_its_words(given, sentence):
	assert refusal(every_kind, **{"name": "A", **given}) == sentence
