"""The executable schema: Shopify's SDL, strict scalars, and a resolver where a field is more than a value."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from graphql import DocumentNode, GraphQLEnumType, GraphQLError, GraphQLSchema, build_schema, parse, validate

from sandbox.simulators.shopify import clock
from sandbox.simulators.shopify.admin_api.resolvers import FIELDS

SDL = Path(__file__).with_name("admin_2026-04.graphql")


@cache
def schema() -> GraphQLSchema:
	built = build_schema(SDL.read_text(encoding="utf-8"))
	types: dict[str, Any] = built.type_map
	for type_name, fields in FIELDS.items():
		for name, resolver in fields.items():
			types[type_name].fields[name].resolve = resolver
	types["Node"].resolve_type = lambda node, *_rest: node.typename
	for name, (parse_value, serialize) in SCALARS.items():
		if name in types:
			types[name].parse_value = parse_value
			types[name].serialize = serialize
	return built


def read(query: str) -> DocumentNode:
	"""The document, if the schema allows it.

	:raises GraphQLError: a syntax error.
	:raises InvalidDocument: with every other error.
	"""
	document, errors = _read(query)
	if errors:
		raise InvalidDocument(errors)
	return document


class InvalidDocument(Exception):
	def __init__(self, errors: list[GraphQLError]):
		super().__init__(errors[0].message)
		self.errors = errors


_documents: dict[str, tuple[DocumentNode, list[GraphQLError]]] = {}


def _read(query: str) -> tuple[DocumentNode, list[GraphQLError]]:
	if query not in _documents:
		if len(_documents) > 1000:
			_documents.clear()
		document = parse(query)
		_documents[query] = document, validate(schema(), document)
	return _documents[query]


def resolve_value(source: Any, info, **_arguments) -> Any:
	"""Fields without a resolver: the attribute of the same name, in Python's spelling."""
	if isinstance(source, dict):
		return source.get(info.field_name)
	return getattr(source, _in_snake_case(info.field_name))


def enum_values(name: str) -> tuple[str, ...]:
	return tuple(cast(GraphQLEnumType, schema().type_map[name]).values)


@cache
def _in_snake_case(name: str) -> str:
	return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda letter: f"_{letter[1].lower()}", name)


def _decimal(value: Any) -> Decimal:
	if isinstance(value, bool) or not isinstance(value, str | int | float):
		raise GraphQLError(f"Decimal cannot represent {value!r}")
	try:
		number = Decimal(str(value))
	except InvalidOperation:
		raise GraphQLError(f"invalid decimal '{value}'") from None
	if not number.is_finite():
		raise GraphQLError(f"invalid decimal '{value}'")
	return number


def _moment(value: Any) -> str:
	try:
		clock.parse(value)
	except (ValueError, AttributeError):
		raise GraphQLError(f"DateTime '{value}' is not ISO 8601") from None
	return value


def _url(value: Any) -> str:
	if not isinstance(value, str) or not urlsplit(value).scheme:
		raise GraphQLError(f"Invalid URL: {value!r}")
	return value


def _as_moment(value: datetime | str) -> str:
	return clock.as_text(clock.parse(value) if isinstance(value, str) else value)


# Scalar -> how inputs are read and results are written.
SCALARS = {
	"DateTime": (_moment, _as_moment),
	"Decimal": (_decimal, str),
	"Money": (_decimal, str),
	"UnsignedInt64": (int, str),
	"URL": (_url, str),
}
