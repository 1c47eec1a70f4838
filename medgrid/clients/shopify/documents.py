"""The GraphQL documents in `queries/`, each named like its operation."""

from functools import cache
from pathlib import Path

from gql import gql
from graphql import DocumentNode, OperationDefinitionNode, OperationType

FOLDER = Path(__file__).parent / "queries"


@cache
def document(name: str) -> DocumentNode:
	"""
	:param name: of the operation and of its file.
	"""
	return gql((FOLDER / f"{name}.graphql").read_text(encoding="utf-8")).document


@cache
def is_mutation(name: str) -> bool:
	"""Whether an operation changes something at Shopify."""
	operations = [node for node in document(name).definitions if isinstance(node, OperationDefinitionNode)]
	return operations[0].operation is OperationType.MUTATION
