"""A body becomes a model, or a refusal that names the member."""

import json
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sandbox.simulators.common.messages import Request
from sandbox.simulators.vertex.errors import InvalidRequest, UnsupportedMediaType
from sandbox.simulators.vertex.supplies.models import NOT_SIMULATED, Part

Model = TypeVar("Model", bound=Part)

NUMBER = "VertexNumberFormatException"


def read_object(request: Request) -> dict[str, Any]:
	"""
	:returns: the body's object; numbers with a point are Decimals.
	:raises UnsupportedMediaType: it is not called JSON.
	:raises InvalidRequest: it is none, or no object.
	"""
	if request.content_type.partition(";")[0].strip().lower() != "application/json":
		raise UnsupportedMediaType("The content type must be application/json.")
	try:
		content = json.loads(request.body, parse_float=Decimal, parse_constant=_refuse_constant)
	except (ValueError, RecursionError):
		raise InvalidRequest("The request could not be read: it is not JSON.") from None
	if not isinstance(content, dict):
		raise InvalidRequest("The request could not be read: it is not an object.")
	return content


def read(model: type[Model], content: Any) -> Model:
	"""
	:raises InvalidRequest: names the first member that is not of the specification's shape.
	"""
	try:
		return model.model_validate(content)
	except ValidationError as error:
		first = error.errors(include_url=False)[0]
		path = _path(first)
		raise InvalidRequest(_sentence(path, first), code=_code(first), target=path or None) from None


def _refuse_constant(name: str) -> Any:
	raise InvalidRequest(f"The request could not be read: {name} is not a number.", code=NUMBER)


def _path(error: ErrorDetails) -> str:
	"""`lineItems[0].quantity.value`; what pydantic says of branches of a union is no member."""
	path = ""
	for part in error["loc"]:
		if isinstance(part, int):
			path += f"[{part}]"
		else:
			path += f".{part}" if path else part
	return path


def _sentence(path: str, error: ErrorDetails) -> str:
	name = path.rpartition(".")[2]
	if error["type"] == "extra_forbidden":
		if name in NOT_SIMULATED:
			return f"{path}: the simulator does not act on this member."
		return f"{path}: the specification has no such member."
	if error["type"] == "missing":
		return f"{path} is required."
	message = error["msg"].removeprefix("Value error, ")
	return f"{path}: {message}." if path else f"{message}."


def _code(error: ErrorDetails) -> str | None:
	is_number = error["type"] == "value_error" and "number" in error["msg"]
	return NUMBER if is_number else None
