"""Every model of what other systems send uses the types of `core.foreign_types`."""

import ast
import importlib
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union

import pytest
from annotated_types import MaxLen
from pydantic import AwareDatetime, BaseModel, Field, SecretStr

from medgrid.clients.shipstation.order_payload import Outgoing
from medgrid.clients.shopify.order_inputs import Input
from medgrid.clients.shopify.pages import ConnectionPage
from medgrid.clients.vertex.wire import Outgoing as VertexOutgoing
from medgrid.core.foreign_types import Bounded, Text

ROOT = Path(__file__).resolve().parents[2]
BARE = (str, bytes, int, float, Decimal, datetime, date, list, dict, set, tuple, object, Any, SecretStr)
# What MedGrid sends, not what it receives.
OUTGOING = (Outgoing, Input, VertexOutgoing)
# The parameters of callers: `medgrid.api` bounds requests.
NOT_FOREIGN = {"medgrid.api", "medgrid.vertex.contract"}


def modules_with_models() -> list[str]:
	"""The modules that define a model, found without importing them."""
	found = []
	for file in sorted((ROOT / "medgrid").rglob("*.py")):
		name = file.relative_to(ROOT).as_posix().removesuffix(".py").replace("/", ".")
		if name.rpartition(".")[0] in NOT_FOREIGN:
			continue
		text = file.read_text(encoding="utf-8")
		if "BaseModel" not in text:
			continue
		tree = ast.parse(text)
		bases = {
			ast.unparse(base)
			for node in ast.walk(tree)
			if isinstance(node, ast.ClassDef)
			for base in node.bases
		}
		if bases & {"BaseModel", "pydantic.BaseModel"}:
			found.append(name)
	return found


def models() -> Iterator[type[BaseModel]]:
	for name in modules_with_models():
		module = importlib.import_module(name)
		for value in vars(module).values():
			is_model = isinstance(value, type) and issubclass(value, BaseModel)
			if is_model and value.__module__ == name and not issubclass(value, OUTGOING):
				yield value


def bare_parts(annotation: Any, *, is_bounded: bool = False) -> Iterator[Any]:
	"""The parts of a field's type that have no bounds."""
	origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
	if origin is Annotated:
		marked = any(isinstance(each, Bounded | MaxLen) for each in _metadata(annotation))
		yield from bare_parts(arguments[0], is_bounded=is_bounded or marked)
	elif origin in (Union, types.UnionType):
		for argument in arguments:
			yield from bare_parts(argument, is_bounded=is_bounded)
	elif origin in (list, dict, set, tuple):
		if not is_bounded:
			yield annotation
		for argument in arguments:
			yield from bare_parts(argument)
	elif annotation in BARE and not is_bounded:
		yield annotation


def _metadata(annotation: Any) -> Iterator[Any]:
	for each in annotation.__metadata__:
		yield each
		yield from getattr(each, "metadata", [])


@pytest.mark.parametrize("model", list(models()), ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_a_model_of_what_comes_in_has_bounded_types_only(model):
	hints = typing.get_type_hints(model, include_extras=True)
	fields = {name: hint for name, hint in hints.items() if name in model.model_fields}
	bare = {name: parts for name, hint in fields.items() if (parts := list(bare_parts(hint)))}
	assert bare == {}


def test_the_models_of_all_services_are_walked():
	names = {model.__name__ for model in models()}
	assert {
		"CreatedOrder",
		"ErrorBody",
		"GraphQLError",
		"InboundMessage",
		"IssuedTokens",
		"MutationError",
		"SentMessage",
		"ShipmentPage",
		"ThrottleStatus",
		"WebhookOrder",
		"WebhookShop",
		"TaxTexts",
		"IssuedToken",
	} <= names
	assert not names & {"OrderPayload", "MoneyInput"}


Node = TypeVar("Node")


@pytest.mark.parametrize(
	"annotation",
	[
		str,
		str | None,
		int | None,
		list[Text],
		list[str],
		Annotated[list[str], Field(max_length=3)],
		dict[Text, Text],
		Annotated[str, "a note"],
		AwareDatetime | datetime,
		Any,
		list[Any],
		SecretStr,
	],
)
def test_the_walk_finds_a_type_without_bounds(annotation):
	assert list(bare_parts(annotation))


@pytest.mark.parametrize(
	"annotation",
	[Text, Text | None, bool, None, Annotated[list[Text], Field(max_length=3)], ConnectionPage, Node],
)
def test_the_walk_accepts_a_type_with_bounds(annotation):
	assert list(bare_parts(annotation)) == []
