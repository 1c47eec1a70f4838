"""Which types, fields and arguments of a schema are used: by documents, and by `shopify_reach`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from graphql import GraphQLSchema, is_required_argument
from graphql.language import DocumentNode, FieldNode, Visitor, visit
from graphql.type import (
	GraphQLField,
	GraphQLInputObjectType,
	GraphQLInterfaceType,
	GraphQLNamedType,
	GraphQLObjectType,
	get_named_type,
)
from graphql.utilities import TypeInfo, TypeInfoVisitor, type_from_ast

from tools import shopify_reach

# What has fields with arguments.
Output = GraphQLObjectType | GraphQLInterfaceType


@dataclass
class Usage:
	"""Names of what is kept: types, (type, field) and (type, field, argument)."""

	types: set[str] = field(default_factory=set)
	fields: set[tuple[str, str]] = field(default_factory=set)
	arguments: set[tuple[str, str, str]] = field(default_factory=set)

	def has_type(self, name: str) -> bool:
		return name in self.types or name.startswith("__")

	def has_field(self, type_name: str, name: str) -> bool:
		return (type_name, name) in self.fields

	def has_argument(self, type_name: str, field_name: str, name: str) -> bool:
		return (type_name, field_name, name) in self.arguments

	def add_type(self, named: GraphQLNamedType) -> None:
		"""Scalars and enums whole; input objects with the inputs that they lead to."""
		if named.name in self.types:
			return
		self.types.add(named.name)
		if isinstance(named, GraphQLInputObjectType):
			listed = shopify_reach.INPUT_FIELDS.get(named.name, " ".join(named.fields))
			for name in listed.split():
				_check_field(named, name)
				self.fields.add((named.name, name))
				self.add_type(get_named_type(named.fields[name].type))

	def add_field(self, parent: Output, name: str, arguments: Iterable[str] = ()) -> None:
		_check_field(parent, name)
		definition = parent.fields[name]
		self.types.add(parent.name)
		self.fields.add((parent.name, name))
		self.add_type(get_named_type(definition.type))
		for argument in {*arguments, *_required(definition)}:
			self.arguments.add((parent.name, name, argument))
			self.add_type(get_named_type(definition.args[argument].type))


class _FieldsUsed(Visitor):
	def __init__(self, schema: GraphQLSchema, info: TypeInfo, usage: Usage):
		super().__init__()
		self.schema, self.info, self.usage = schema, info, usage

	def enter_field(self, node: FieldNode, *_rest) -> None:
		if not node.name.value.startswith("__"):
			arguments = [argument.name.value for argument in node.arguments]
			# A document that was validated asks only what has fields for some.
			parent = cast(Output, self.info.get_parent_type())
			self.usage.add_field(parent, node.name.value, arguments)

	def enter_variable_definition(self, node, *_rest) -> None:
		self.usage.add_type(get_named_type(type_from_ast(self.schema, node.type)))


def usage_of(schema: GraphQLSchema, documents: Iterable[DocumentNode]) -> Usage:
	"""What these documents use, and what the simulator resolves besides.

	:raises ValueError: when the schema has no such type, field or argument.
	"""
	usage = used_by(schema, documents)
	for type_name, fields in shopify_reach.FIELDS.items():
		for name, arguments in fields.items():
			usage.add_field(_type(schema, type_name), name, arguments.split())
	return usage


def used_by(schema: GraphQLSchema, documents: Iterable[DocumentNode]) -> Usage:
	"""What these documents use, and nothing else."""
	usage = Usage()
	for document in documents:
		info = TypeInfo(schema)
		visit(document, TypeInfoVisitor(info, _FieldsUsed(schema, info, usage)))
	return usage


def _type(schema: GraphQLSchema, name: str) -> Output:
	named = schema.get_type(name)
	if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
		raise ValueError(f"The schema has no type {name} with fields.")
	return named


def _check_field(parent: Output | GraphQLInputObjectType, name: str) -> None:
	if name not in parent.fields:
		raise ValueError(f"{parent.name} has no field {name}.")


def _required(definition: GraphQLField) -> list[str]:
	return [name for name, argument in definition.args.items() if is_required_argument(argument)]
