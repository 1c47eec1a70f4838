"""Shopify's own schema, as the simulator has it."""

from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "sandbox/simulators/shopify/admin_api/admin_2026-04.graphql"


@cache
def schema() -> GraphQLSchema:
	return build_schema(FILE.read_text(encoding="utf-8"), assume_valid=True)
