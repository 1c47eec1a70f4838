"""The errors in Shopify's responses: `errors` of a GraphQL response, `userErrors` of a mutation. Pure."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from medgrid.core.foreign_types import Message, Sentence, Word, none_if_invalid

# The errors of one response that MedGrid reads, and the parts of a path.
MAX_ERRORS, MAX_PATH = 50, 20

Entry = TypeVar("Entry", bound=BaseModel)


def _parts(value: Any) -> Any:
	return [str(part) for part in value[:MAX_PATH]] if isinstance(value, list) else value


def _joined(value: Any) -> Any:
	return ".".join(_parts(value)) if isinstance(value, list) else value


class Extensions(BaseModel):
	"""
	:param code: e.g. "THROTTLED".
	:param requiredAccess: the missing access scope, in a sentence.
	"""

	code: Annotated[Word | None, none_if_invalid] = None
	requiredAccess: Annotated[Message | None, none_if_invalid] = None


class GraphQLError(BaseModel):
	"""An entry of `errors`.

	:param path: where in the query the error occurred; empty if the query was not begun.
	"""

	message: Annotated[Sentence | None, none_if_invalid] = None
	path: Annotated[
		Annotated[list[Word], Field(max_length=MAX_PATH), BeforeValidator(_parts)] | None, none_if_invalid
	] = None
	extensions: Annotated[Extensions | None, none_if_invalid] = None


class MutationError(BaseModel):
	"""An entry of `userErrors`.

	:param field: the path into the input, joined by dots.
	"""

	field: Annotated[Annotated[Sentence, BeforeValidator(_joined)] | None, none_if_invalid] = None
	message: Annotated[Sentence | None, none_if_invalid] = None


def read_entries(model: type[Entry], written: Any) -> list[Entry]:
	"""Reads the first MAX_ERRORS errors.

	:returns: the entries that are objects; empty if there is no list.
	"""
	read: list[Entry] = []
	for entry in written[:MAX_ERRORS] if isinstance(written, list) else []:
		try:
			read.append(model.model_validate(entry))
		except ValidationError:
			continue
	return read
