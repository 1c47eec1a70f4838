"""Cuts Shopify's Admin schema down to what our documents and the simulator reach.

	npm pack @shopify/dev-mcp@1.16.0 && tar xzf shopify-dev-mcp-1.16.0.tgz
	python -m tools.extract_shopify_schema package/dist/data/admin_2026-04.json.gz

writes `sandbox/simulators/shopify/admin_api/admin_2026-04.graphql`: the same types with fewer fields, sorted,
without anybody's prose. Run it again whenever a document in `medgrid/clients/shopify/queries/` asks for
something new, when `shopify_reach.py` changes, or for another version (then change VERSION here and SDL in
`schema.py` beside the file). `tests/clients/shopify/test_documents.py` compares the result with the
package whenever npm has it.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import BinaryIO, cast

from graphql import (
	GraphQLSchema,
	IntrospectionQuery,
	build_client_schema,
	lexicographic_sort_schema,
	print_schema,
)
from graphql.language import DocumentNode, parse
from graphql.type import DEFAULT_DEPRECATION_REASON
from graphql.validation import validate

from tools.schema_usage import Usage, usage_of

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ROOT / "medgrid" / "clients" / "shopify" / "queries"
VERSION = "2026-04"
PACKAGE = "@shopify/dev-mcp@1.16.0"
RESULT = ROOT / "sandbox" / "simulators" / "shopify" / "admin_api" / f"admin_{VERSION}.graphql"
HEADER = (
	f"# Shopify's Admin API {VERSION}, cut to what MedGrid uses. Do not edit: it is made by\n"
	f"# tools/extract_shopify_schema.py from npm's {PACKAGE}, dist/data/admin_{VERSION}.json.gz.\n"
)
# Directives that GraphQL itself defines; Shopify's own are left out.
STANDARD_DIRECTIVES = {"include", "skip", "deprecated", "specifiedBy"}


def main() -> int:
	parser = argparse.ArgumentParser(prog="python -m tools.extract_shopify_schema", description=__doc__)
	parser.add_argument("introspection", type=Path, help=f"dist/data/admin_{VERSION}.json.gz of {PACKAGE}")
	RESULT.write_text(extract(read_introspection(parser.parse_args().introspection)), encoding="utf-8")
	print(RESULT.relative_to(ROOT))
	return 0


def read_introspection(source: Path | BinaryIO) -> IntrospectionQuery:
	"""The introspection result in one of the package's files."""
	with gzip.open(source) as file:
		content = json.load(file)
	return content.get("data", content)


def documents(folder: Path = DOCUMENTS) -> dict[str, DocumentNode]:
	"""File name without its ending -> document."""
	return {path.stem: parse(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.graphql"))}


def extract(introspection: IntrospectionQuery) -> str:
	"""The SDL of what is reached. Raises ValueError for an invalid document and for what does not exist."""
	schema = build_client_schema(introspection)
	for name, document in documents().items():
		if errors := validate(schema, document):
			raise ValueError(f"{name}.graphql: {errors[0].message}")
	usage = usage_of(schema, documents().values())
	return HEADER + print_schema(lexicographic_sort_schema(prune(introspection, usage))) + "\n"


def prune(introspection: IntrospectionQuery, usage: Usage) -> GraphQLSchema:
	"""A schema of the types in `usage`, each with the fields that are used."""
	content = cast(dict, introspection["__schema"])
	pruned = {
		**content,
		"description": None,
		"subscriptionType": None,
		"types": [_type(entry, usage) for entry in content["types"] if usage.has_type(entry["name"])],
		"directives": [
			_without_prose(entry) for entry in content["directives"] if entry["name"] in STANDARD_DIRECTIVES
		],
	}
	return build_client_schema(cast(IntrospectionQuery, {"__schema": pruned}))


def _type(entry: dict, usage: Usage) -> dict:
	name = entry["name"]
	if name.startswith("__"):
		return entry
	pruned = _without_prose(entry)
	pruned["specifiedByURL"] = None
	pruned["fields"] = [_field(name, field, usage) for field in entry.get("fields") or []]
	pruned["fields"] = [field for field in pruned["fields"] if usage.has_field(name, field["name"])]
	pruned["inputFields"] = [
		_without_prose(field)
		for field in entry.get("inputFields") or []
		if usage.has_field(name, field["name"])
	]
	pruned["enumValues"] = [_without_prose(value) for value in entry.get("enumValues") or []]
	for relation in ("interfaces", "possibleTypes"):
		pruned[relation] = [other for other in entry.get(relation) or [] if usage.has_type(other["name"])]
	return pruned


def _field(type_name: str, field: dict, usage: Usage) -> dict:
	arguments = [
		_without_prose(argument)
		for argument in field["args"]
		if usage.has_argument(type_name, field["name"], argument["name"])
	]
	return {**_without_prose(field), "args": arguments}


def _without_prose(entry: dict) -> dict:
	reason = DEFAULT_DEPRECATION_REASON if entry.get("isDeprecated") else None
	changes: dict[str, str | None] = {"description": None}
	if "deprecationReason" in entry:
		changes["deprecationReason"] = reason
	return {**entry, **changes}


if __name__ == "__main__":
	sys.exit(main())
