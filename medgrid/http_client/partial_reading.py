"""Reads what can be read of a record in which some fields are not valid, and of a list in which some records
are not. Pure.

One odd field must not cost the whole record: a shipment without a readable date still has its number. Nor
must one odd record cost the others on its page. What was left out is said, in words and without its values,
which can be customer data.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[str | int, ...]

# A field that is left out can make its record invalid, and that one the record around it.
MAX_ROUNDS = 12
MAX_PROBLEMS = 5
LEFT_OUT = "left_out"
# What a person reads of the kinds of pydantic's errors, by kind or by its first word.
PROBLEMS = {
	"missing": "it is missing",
	"too_long": "it has too many entries",
	"string_too_long": "it is too long",
	"string": "it is no text",
	"int": "it is no whole number",
	"list": "it is no list",
	"model": "it is no object",
	"dict": "it is no object",
	"datetime": "it is no time",
	"timezone": "it is a time without a zone",
	"greater": "it is too small",
	"less": "it is too large",
}


def _not_null(value: Any) -> Any:
	if value is None:
		raise ValueError("it is null")
	return value


# For a field that the other system always sends, and that the record can do without.
not_null = BeforeValidator(_not_null)


@dataclass(frozen=True)
class Partial(Generic[Model]):
	"""A record and what could not be read of it.

	:param problems: the path of each value that was left out, and why, in words and without the value.
	"""

	record: Model
	problems: Mapping[Path, str]

	def lacks(self, name: str) -> bool:
		"""Whether a field of the record itself, not of a part of it, was left out."""
		return (name,) in self.problems


def read_partly(model: type[Model], content: Any) -> Partial[Model]:
	"""Reads a record without its invalid fields. An entry of a list that is invalid becomes None if the list
	may have such entries, and is removed otherwise; a list that is too long loses its last entries.

	:param model: its validators find the paths of the values that were left out in the context's LEFT_OUT.
	:param content: as it came; it is not changed.
	:raises ValidationError: the record is invalid without these fields as well.
	"""
	problems: dict[Path, str] = {}
	try:
		return Partial(model.model_validate(content, context={LEFT_OUT: problems}), problems)
	except ValidationError as error:
		first = failure = error
	pruned = deepcopy(content)
	for _round in range(MAX_ROUNDS):
		if not _prune(pruned, failure, problems):
			break
		try:
			return Partial(model.model_validate(pruned, context={LEFT_OUT: problems}), problems)
		except ValidationError as error:
			failure = error
	raise first


def entries_of(page: Mapping[str, Any], name: str) -> list[Any]:
	"""Returns the entries of a page; none if it does not have the field, or null in its place.

	:raises ValueError: the page has something else in their place.
	"""
	entries = page.get(name)
	if entries is None:
		return []
	if not isinstance(entries, list):
		raise ValueError(f"{name} is not a list")
	return entries


def read_each(
	model: type[Model], entries: Sequence[Any], most: int
) -> tuple[dict[int, Model], dict[int, Any]]:
	"""Reads the entries of a list one by one, so that one that is not valid does not make the others fail.

	:param most: how many entries are read; those beyond them count as not valid.
	:returns: the valid ones, and the others as they came; both by their place in the list.
	"""
	read: dict[int, Model] = {}
	refused: dict[int, Any] = {}
	for place, entry in enumerate(entries):
		try:
			if place < most:
				read[place] = model.model_validate(entry)
				continue
		except ValidationError:
			pass
		refused[place] = entry
	return read, refused


def in_words(problems: Mapping[Path, str]) -> str:
	"""Returns a sentence part that names the first MAX_PROBLEMS problems, e.g. "shipDate: it is no time"."""
	named = [_sentence(path, what) for path, what in list(problems.items())[:MAX_PROBLEMS]]
	return "; ".join(named)


def problems_of(error: ValidationError) -> str:
	"""Returns the same of an error: which fields cannot be read and why, without their values."""
	found = error.errors(include_url=False, include_context=False, include_input=False)
	return "; ".join(_sentence(problem["loc"], _words(problem)) for problem in found[:MAX_PROBLEMS])


def _sentence(path: Path, what: str) -> str:
	return ": ".join(filter(None, [".".join(map(str, path)), what]))


def _words(problem: Any) -> str:
	kind = problem["type"]
	# The messages of MedGrid's own checks contain no values; pydantic's messages may quote the value.
	if kind == "value_error":
		return problem["msg"].removeprefix("Value error, ")
	return PROBLEMS.get(kind) or PROBLEMS.get(kind.partition("_")[0]) or kind.replace("_", " ")


def _prune(content: Any, failure: ValidationError, problems: dict[Path, str]) -> bool:
	"""Leaves out what an error complains of; returns whether anything was left out."""
	found = failure.errors(include_url=False, include_input=False)
	# The empty entries of lists are removed last, and from the end: until then all places are those of the
	# record as it came.
	return _leave_out_all(content, found, problems, empties=False) or _leave_out_all(
		content, found[::-1], problems, empties=True
	)


def _leave_out_all(content: Any, found: Sequence[Any], problems: dict[Path, str], *, empties: bool) -> bool:
	has_changed = False
	for problem in found:
		path = tuple(problem["loc"])
		if problem["type"] == "missing":
			path = path[:-1]
		if path and _leave_out(content, path, problem, empties):
			has_changed = True
			problems.setdefault(path, _words(problem))
	return has_changed


def _leave_out(content: Any, path: Path, problem: Any, empties: bool) -> bool:
	around, last = _at(content, path[:-1]), path[-1]
	if isinstance(around, list) and isinstance(last, int) and last < len(around):
		if (around[last] is None) != empties:
			return False
		if empties:
			del around[last]
		else:
			around[last] = None
		return True
	if not isinstance(around, dict) or last not in around:
		return False
	value, limit = around[last], (problem.get("ctx") or {}).get("max_length")
	if problem["type"] == "too_long" and isinstance(value, list) and isinstance(limit, int):
		del value[limit:]
	else:
		del around[last]
	return True


def _at(content: Any, path: Sequence[str | int]) -> Any:
	for step in path:
		try:
			content = content[step]
		except (LookupError, TypeError):
			return None
	return content
