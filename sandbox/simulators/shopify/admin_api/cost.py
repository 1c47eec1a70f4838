"""What a query costs: the rules of Shopify's rate limit page, as far as they are public.

A scalar or enum is free, an object is 1, a connection 2 and each of its nodes what the node costs, an
interface the most expensive of its possible selections, a mutation at least 10. `first`, `last` or the number
of `ids` says how many rows a list is expected to have; a list without is expected to have one. Requested is
what a query can cost at most by these numbers; actual is the same for the rows that came back. Shopify's own
figures differ for some fields, whose cost it does not publish.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
	FieldNode,
	FragmentSpreadNode,
	GraphQLInterfaceType,
	GraphQLList,
	GraphQLNonNull,
	GraphQLObjectType,
	GraphQLOutputType,
	GraphQLSchema,
	InlineFragmentNode,
	OperationDefinitionNode,
	OperationType,
	get_named_type,
	is_composite_type,
	is_leaf_type,
	value_from_ast_untyped,
)
from graphql.language import FragmentDefinitionNode, SelectionSetNode

HIGHEST = 1000
MUTATION = 10
SIZES = ("first", "last", "ids")

# The schema has no unions.
Composite = GraphQLObjectType | GraphQLInterfaceType
Fragment = InlineFragmentNode | FragmentDefinitionNode


@dataclass(frozen=True)
class Cost:
	"""Works out the cost of one operation."""

	schema: GraphQLSchema
	fragments: dict[str, FragmentDefinitionNode]
	variables: dict[str, Any]

	def requested(self, operation: OperationDefinitionNode) -> int:
		return self._of_operation(operation, None)

	def actual(self, operation: OperationDefinitionNode, data: dict | None) -> int:
		return 0 if data is None else self._of_operation(operation, data)

	def _of_operation(self, operation: OperationDefinitionNode, data: dict | None) -> int:
		root = cast(GraphQLObjectType, self.schema.get_root_type(operation.operation))
		least = MUTATION if operation.operation is OperationType.MUTATION else 0
		return sum(
			max(least, self._of_field(root, field, data))
			for _parent, field in self._fields(root, operation.selection_set)
			if data is None or _key(field) in data
		)

	def _of_field(self, parent: Composite, field: FieldNode, data: dict | None) -> int:
		"""
		:param data: what the parent object came back as; None for what may come back.
		"""
		if field.name.value.startswith("__"):
			return 0
		definition = parent.fields[field.name.value]
		named = get_named_type(definition.type)
		if is_leaf_type(named):
			return 0
		value = None if data is None else data.get(_key(field))
		if data is not None and value is None:
			return 0
		if named.name.endswith("Connection"):
			return 2 + self._of_connection(named, field, value)
		if _is_list(definition.type):
			return self._of_rows(named, field.selection_set, value, self._size(field))
		return 1 + self._of_object(named, field.selection_set, value)

	def _of_connection(self, connection: Composite, field: FieldNode, value: dict | None) -> int:
		size, cost = self._size(field), 0
		for parent, part in self._fields(connection, field.selection_set):
			if part.name.value not in ("nodes", "edges"):
				continue
			rows = None if value is None else value.get(_key(part), [])
			row_type = cast(Composite, get_named_type(parent.fields[part.name.value].type))
			if part.name.value == "nodes":
				cost += self._of_rows(row_type, part.selection_set, rows, size)
			else:
				# An edge is free; the node in it is an object.
				cost += self._of_rows(row_type, part.selection_set, rows, size, each=0)
		return cost

	def _of_rows(
		self,
		row: Composite,
		selections: SelectionSetNode | None,
		values: list | None,
		size: int,
		each: int = 1,
	) -> int:
		if values is None:
			return size * (each + self._of_object(row, selections, None))
		return sum(each + self._of_object(row, selections, value) for value in values if value is not None)

	def _of_object(self, named: Composite, selections: SelectionSetNode | None, value: Any) -> int:
		if isinstance(named, GraphQLInterfaceType) and value is None:
			return max(
				(self._of_fields(possible, selections, None) for possible in self._possible(named)), default=0
			)
		return self._of_fields(named, selections, value)

	def _of_fields(self, named: Composite, selections: SelectionSetNode | None, value: dict | None) -> int:
		return sum(
			self._of_field(parent, field, value)
			for parent, field in self._fields(named, selections)
			if value is None or _key(field) in value
		)

	def _possible(self, named: GraphQLInterfaceType) -> list[Composite]:
		return list(self.schema.get_possible_types(named))

	def _fields(
		self, named: Composite, selections: SelectionSetNode | None
	) -> Iterator[tuple[Composite, FieldNode]]:
		"""The fields of a selection with the type that they are asked of, without other types' fragments."""
		for selection in selections.selections if selections else ():
			if isinstance(selection, FieldNode):
				yield named, selection
				continue
			if isinstance(selection, FragmentSpreadNode):
				fragment: Fragment = self.fragments[selection.name.value]
			else:
				fragment = cast(InlineFragmentNode, selection)
			condition = self._condition(fragment, named)
			if condition:
				yield from self._fields(condition, fragment.selection_set)

	def _condition(self, fragment: Fragment, named: Composite) -> Composite | None:
		"""The type that a fragment's fields are asked of; None when a `named` can never be one."""
		if not fragment.type_condition:
			return named
		condition = cast(Composite, self.schema.get_type(fragment.type_condition.name.value))
		if condition is named or isinstance(named, GraphQLInterfaceType):
			return condition
		is_one = isinstance(condition, GraphQLInterfaceType) and self.schema.is_sub_type(condition, named)
		return named if is_one and is_composite_type(named) else None

	def _size(self, field: FieldNode) -> int:
		for argument in field.arguments:
			if argument.name.value in SIZES:
				value = value_from_ast_untyped(argument.value, self.variables)
				return len(value) if isinstance(value, list) else int(value or 0)
		return 1


def _is_list(output: GraphQLOutputType) -> bool:
	if isinstance(output, GraphQLNonNull):
		output = output.of_type
	return isinstance(output, GraphQLList)


def _key(field: FieldNode) -> str:
	return field.alias.value if field.alias else field.name.value
