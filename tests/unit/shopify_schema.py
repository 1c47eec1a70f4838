"""Shopify's own schema, as the simulator has it."""

from functools import cache
from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInputField, GraphQLInputObjectType, GraphQLSchema, build_schema

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "sandbox/simulators/shopify/admin_api/admin_2026-04.graphql"


@cache
def schema() -> GraphQLSchema:
	return build_schema(FILE.read_text(encoding="utf-8"), assume_valid=True)


def values_of(enum: str) -> set[str]:
	named = schema().type_map[enum]
	assert isinstance(named, GraphQLEnumType)
	return set(named.values)


def input_fields_of(input_object: str) -> dict[str, GraphQLInputField]:
	named = schema().type_map[input_object]
	assert isinstance(named, GraphQLInputObjectType)
	return named.fields
