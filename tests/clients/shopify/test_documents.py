"""Our GraphQL documents against Shopify's schema: as it is in the repository, and as Shopify publishes it.

The second half fetches npm's @shopify/dev-mcp (14 MB, kept in npm's cache) and is skipped where npm is
missing or does not answer. Later versions of the schema only warn: they say what is to be changed in time.
"""

import functools
import io
import shutil
import subprocess
import tarfile
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import (
	GraphQLSchema,
	IntrospectionQuery,
	NoDeprecatedCustomRule,
	OperationDefinitionNode,
	build_client_schema,
	build_schema,
	validate,
)

from sandbox.simulators.shopify.admin_api.cost import HIGHEST, Cost
from sandbox.simulators.shopify.admin_api.schema import SDL
from tools.extract_shopify_schema import PACKAGE, RESULT, VERSION, documents, extract, read_introspection

pytestmark = pytest.mark.stand_in

DOCUMENTS = documents()
LATER = ("2026-07", "2026-10", "unstable")
NPM_SECONDS = 120
# Variables that make each document as expensive as the client ever makes it.
LARGEST: dict[str, dict] = {
	"product_variants": {"first": 250},
	"inventory_levels": {"ids": ["gid://shopify/InventoryItem/1"] * 250},
	"variants": {"ids": ["gid://shopify/ProductVariant/1"] * 250},
	"orders_status": {"ids": ["gid://shopify/Order/1"] * 90, "fulfillments": 5},
	"webhook_subscriptions": {"first": 100},
}


@functools.cache
def schema_here() -> GraphQLSchema:
	return build_schema(SDL.read_text(encoding="utf-8"))


@functools.cache
def package() -> dict[str, bytes]:
	"""File name -> content of the package's Admin schemas; none when npm cannot get it."""
	if not shutil.which("npm"):
		return {}
	command = ["npm", "pack", PACKAGE, "--silent", "--prefer-offline", "--fetch-retries=0"]
	with tempfile.TemporaryDirectory(prefix="shopify-schema-") as folder:
		try:
			subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=NPM_SECONDS)
			with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
				names = [name for name in archive.getnames() if "/dist/data/admin_" in name]
				files = {name: archive.extractfile(name) for name in names}
				return {Path(name).name: file.read() for name, file in files.items() if file}
		except (OSError, subprocess.SubprocessError, StopIteration, tarfile.TarError):
			return {}


@functools.cache
def introspection(version: str) -> IntrospectionQuery:
	return read_introspection(io.BytesIO(package()[f"admin_{version}.json.gz"]))


@functools.cache
def published(version: str) -> GraphQLSchema:
	return build_client_schema(introspection(version))


needs_package = pytest.mark.skipif("not package()", reason=f"npm is missing or cannot get {PACKAGE}")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_in_the_schema_of_this_repository(name):
	assert validate(schema_here(), DOCUMENTS[name]) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_holds_one_operation_named_like_it(name):
	operation = operation_of(name)
	assert operation.name and operation.name.value == name
	assert len(DOCUMENTS[name].definitions) == 1


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_never_costs_more_than_one_query_may(name):
	prices = Cost(schema_here(), {}, LARGEST.get(name, {}))
	assert 1 <= prices.requested(operation_of(name)) <= HIGHEST


def operation_of(name: str) -> OperationDefinitionNode:
	definitions = DOCUMENTS[name].definitions
	[operation] = [node for node in definitions if isinstance(node, OperationDefinitionNode)]
	return operation


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_uses_nothing_that_is_deprecated(name):
	assert validate(schema_here(), DOCUMENTS[name], [NoDeprecatedCustomRule]) == []


@needs_package
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_in_the_schema_that_shopify_publishes(name):
	assert validate(published(VERSION), DOCUMENTS[name]) == []


@needs_package
def test_the_schema_here_is_what_the_tool_makes_of_the_published_one():
	assert extract(introspection(VERSION)) == RESULT.read_text(encoding="utf-8")


@needs_package
def test_all_that_the_schema_here_has_is_the_same_in_the_published_one():
	assert list(differences(schema_here(), published(VERSION))) == []


@needs_package
@pytest.mark.parametrize("version", LATER)
def test_later_versions_are_reported(version):
	"""Never fails: a warning names what a later version drops, changes or deprecates."""
	later = published(version)
	found = [
		f"{name}.graphql: {error.message}" for name in DOCUMENTS for error in validate(later, DOCUMENTS[name])
	]
	for name in DOCUMENTS:
		found += [f"{name}.graphql: {error.message}" for error in _deprecated(later, name)]
	found += [f"simulator: {difference}" for difference in differences(schema_here(), later)]
	for finding in found:
		warnings.warn(f"Shopify {version}: {finding}", stacklevel=1)


def _deprecated(schema: GraphQLSchema, name: str) -> list:
	return (
		[]
		if validate(schema, DOCUMENTS[name])
		else validate(schema, DOCUMENTS[name], [NoDeprecatedCustomRule])
	)


def differences(small: GraphQLSchema, large: GraphQLSchema):
	"""What of the small schema is missing in the large one or has another type there."""
	# Any: which of `values` and `fields` a type has, its kind says.
	types: Mapping[str, Any] = small.type_map
	for name, named in types.items():
		if name.startswith("__"):
			continue
		other: Any = large.get_type(name)
		if type(other) is not type(named):
			yield f"{name} is {other and type(other).__name__}"
			continue
		if hasattr(named, "values") and set(named.values) != set(other.values):
			yield f"{name} has other values: {', '.join(sorted(set(named.values) ^ set(other.values)))}"
		for field_name, field in getattr(named, "fields", {}).items():
			yield from _field_differences(f"{name}.{field_name}", field, other.fields.get(field_name))


def _field_differences(path, field, other):
	if other is None or str(other.type) != str(field.type):
		yield f"{path} is {other and other.type}, was {field.type}"
		return
	for name, argument in getattr(field, "args", {}).items():
		expected = other.args.get(name)
		if expected is None or str(expected.type) != str(argument.type):
			yield f"{path}({name}:) is {expected and expected.type}, was {argument.type}"
	for name, argument in getattr(other, "args", {}).items():
		if name not in field.args and str(argument.type).endswith("!") and argument.default_value is None:
			yield f"{path}({name}:) is required"
