"""Where an exception came from, in words that hold none of its values. Pure."""

import re
from collections.abc import Iterator
from traceback import walk_tb
from types import TracebackType
from typing import TypeVar

Error = TypeVar("Error", bound=BaseException)

MAX_EXCEPTIONS = 8
# Of each exception; of a longer traceback, as a RecursionError has, only its ends.
MAX_FRAMES = 40
# What stands before a package's own path, on a bench and in any Python environment.
_BEFORE_PACKAGE = re.compile(r".*/(?:site-packages|apps/[^/]+)/")
# Their first argument is a number, which says more than the class.
_NUMBERED = ("pymysql", "MySQLdb", "psycopg2")


def places(error: BaseException) -> str:
	"""The type of an exception and the places that it came through, and the same of the exceptions that it
	was made from: "medgrid/catalog.py:12 search_items", a line each. No message and no variable is in it.
	"""
	return "\n".join(line for each in _chain(error) for line in _lines(each))


def bare(error: Error) -> Error:
	"""The exception without the frames that it came through and without the exceptions before it: raised
	again, it leads no traceback to their variables."""
	error.__cause__ = error.__context__ = None
	return error.with_traceback(None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
	"""The oldest first, as Python prints them."""
	seen: list[BaseException] = []
	while error is not None and len(seen) < MAX_EXCEPTIONS and not any(error is each for each in seen):
		seen.append(error)
		error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
	return reversed(seen)


def _lines(error: BaseException) -> Iterator[str]:
	frames = list(_frames(error.__traceback__))
	if len(frames) > MAX_FRAMES:
		half, left_out = MAX_FRAMES // 2, len(frames) - MAX_FRAMES
		frames = [*frames[:half], f"… {left_out} more …", *frames[-half:]]
	yield from frames
	yield _kind(error)


def _frames(traceback: TracebackType | None) -> Iterator[str]:
	for frame, line in walk_tb(traceback):
		file = _BEFORE_PACKAGE.sub("", frame.f_code.co_filename)
		yield f"{file}:{line} {frame.f_code.co_name}"


def _kind(error: BaseException) -> str:
	"""The class; of the database's and the system's errors also their number."""
	kind = type(error)
	number = error.args[0] if error.args else None
	is_numbered = kind.__module__.partition(".")[0] in _NUMBERED or isinstance(error, OSError)
	name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
	return f"{name}({number})" if is_numbered and type(number) is int else name
