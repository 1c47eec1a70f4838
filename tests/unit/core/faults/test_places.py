"""What is logged of a fault: places and types, and no value."""

import pytest

from medgrid.core.faults.places import MAX_FRAMES, bare, places

SECRET = "CANARY-of-the-places"


def raised(work) -> BaseException:
	with pytest.raises(BaseException) as caught:
		work()
	return caught.value


def test_it_names_file_line_function_and_type_but_no_value():
	def fail(value):
		raise ValueError(f"cannot take {value}")

	text = places(raised(lambda: fail(SECRET)))
	assert "tests/unit/core/faults/test_places.py:" in text
	assert text.splitlines()[-2].endswith(" fail")
	assert text.splitlines()[-1] == "ValueError"
	assert SECRET not in text


def test_it_names_the_exceptions_before_it_oldest_first():
	def fail():
		try:
			raise KeyError(SECRET)
		except KeyError as error:
			raise RuntimeError(SECRET) from error

	lines = places(raised(fail)).splitlines()
	assert [line for line in lines if ":" not in line] == ["KeyError", "RuntimeError"]


def test_an_error_of_the_system_keeps_its_number():
	def fail():
		raise ConnectionRefusedError(111, SECRET)

	assert places(raised(fail)).splitlines()[-1] == "ConnectionRefusedError(111)"


def test_a_number_that_another_error_has_is_a_value():
	def fail():
		raise KeyError(123456)

	assert places(raised(fail)).splitlines()[-1] == "KeyError"


def test_a_deep_recursion_keeps_its_ends():
	def deeper(depth):
		return deeper(depth + 1)

	assert len(places(raised(lambda: deeper(0))).splitlines()) == MAX_FRAMES + 2


def test_exceptions_in_a_circle_end():
	first, second = ValueError(), KeyError()
	first.__cause__, second.__cause__ = second, first
	assert places(first).splitlines() == ["KeyError", "ValueError"]


def test_a_bare_exception_leads_to_no_frame():
	def fail():
		try:
			raise KeyError(SECRET)
		except KeyError as error:
			raise ValueError("why") from error

	error = bare(raised(fail))
	assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)
