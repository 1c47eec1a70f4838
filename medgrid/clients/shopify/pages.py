"""Pages and lists of nodes in Shopify's results, of which some nodes may not be valid. Pure."""

from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, Field, model_validator

from medgrid.clients.shopify.gid import Gid, is_any_gid
from medgrid.core.foreign_types import BOUNDED, Cursor, none_if_invalid
from medgrid.http_client.partial_reading import read_each

Node = TypeVar("Node")

# The most nodes that Shopify sends. A page that has more is not valid.
MAX_NODES = 250


class PageInfo(BaseModel):
	hasNextPage: bool
	endCursor: Annotated[Cursor | None, none_if_invalid] = None


class UnreadableNode(BaseModel):
	"""A node that is not valid.

	:param index: its place in the list.
	:param id: its GID; None if that is not valid either.
	"""

	index: Annotated[int, BOUNDED]
	id: Gid | None = None


class ConnectionPage(BaseModel, Generic[Node]):
	"""A page of a connection.

	:param unreadable: the nodes that are not valid. They are left out; the others are kept. A page without a
		valid node or ID is not valid.
	"""

	nodes: Annotated[list[Node], Field(max_length=MAX_NODES)]
	pageInfo: PageInfo
	unreadable: Annotated[list[UnreadableNode], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		return _one_by_one(cls, page)


class Nodes(BaseModel, Generic[Node]):
	"""The nodes with the requested IDs, in the same order; None where a node no longer exists, or is not
	valid.

	:param unreadable: the nodes that are not valid.
	"""

	nodes: Annotated[list[Node | None], Field(max_length=MAX_NODES)]
	unreadable: Annotated[list[UnreadableNode], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		return _one_by_one(cls, page)


def _one_by_one(model: type[BaseModel], page: Any) -> Any:
	"""Reads the nodes of a page one by one, so that one that is not valid does not make the others fail.

	:raises ValueError: none of them is valid, or has a valid ID.
	"""
	if not isinstance(page, dict) or not isinstance(page.get("nodes"), list):
		return page
	entries = page["nodes"][: MAX_NODES + 1]
	read, refused = read_each(_node_type(model), entries, len(entries))
	keeps_places = issubclass(model, Nodes)
	unreadable = [
		_unreadable(index, node) for index, node in refused.items() if not (node is None and keeps_places)
	]
	if unreadable and not read and not any(node.id for node in unreadable):
		raise ValueError("no node is valid")
	nodes = [read.get(index) for index in range(len(entries))] if keeps_places else list(read.values())
	return {**page, "nodes": nodes, "unreadable": unreadable}


def _unreadable(index: int, node: Any) -> UnreadableNode:
	written = node.get("id") if isinstance(node, dict) else None
	return UnreadableNode(index=index, id=written if is_any_gid(written) else None)


def _node_type(model: type[BaseModel]) -> type[BaseModel]:
	"""The model of a page's nodes: `Variant` for `Page[Variant]`."""
	written = get_args(model.model_fields["nodes"].annotation)[0]
	types = [each for each in get_args(written) if each is not type(None)]
	return types[0] if types else written
