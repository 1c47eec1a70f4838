"""The types with which RPCs declare their parameters, and the validation by pydantic."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args, get_type_hints

from frappe import _
from pydantic import (
	BaseModel,
	BeforeValidator,
	ConfigDict,
	Field,
	SecretStr,
	StringConstraints,
	ValidationError,
	create_model,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

from medgrid.api.paging import MAX_OFFSET, MAX_PAGE_LENGTH, bounded_page_length, whole_number
from medgrid.exceptions import InvalidInput
from medgrid.http_client.json_reader import JsonRefused, read_json

# The maximum length of a text parameter that declares none itself: no parameter of MedGrid needs more.
MAX_TEXT_LENGTH = 1000
# The maximum number of entries of a list: no parameter of MedGrid needs more.
MAX_LIST_LENGTH = 500
# The maximum number of wrong values that one answer names.
MAX_PROBLEMS = 5
MAX_CREDENTIAL_LENGTH = 200
# The kinds of errors that are pydantic's own.
PYDANTICS = frozenset(get_args(ErrorType))

# The name of a document: Frappe's name column holds 140 characters.
DocumentName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
# A vendor's own name for one of several accounts of an integration.
AccountName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
# What a user types into a search box; it must not be blank.
SearchText = Annotated[str, StringConstraints(min_length=1, max_length=140, pattern=r"\S")]


class RulePart(BaseModel):
	"""One warehouse, brand or item group that brings orders to a vendor's account."""

	model_config = ConfigDict(extra="forbid")

	kind: Literal["warehouse", "brand", "item_group"]
	value: DocumentName


def _whole(value: Any) -> Any:
	number = whole_number(value)
	return value if number is None else number


# A whole number, or the text of one. Pydantic alone takes true for 1, too.
Whole = Annotated[int, BeforeValidator(_whole), Field(strict=True)]
# `limit_start`: the number of rows to skip.
Offset = Annotated[Whole, Field(ge=0, le=MAX_OFFSET)]
# `limit_page_length`: the number of rows to return; more than the maximum, and Frappe's 0 for "all", mean the
# maximum.
PageLength = Annotated[Whole, BeforeValidator(bounded_page_length), Field(ge=1, le=MAX_PAGE_LENGTH)]


def credential(value: Any) -> Any:
	"""A key, token or secret that goes into a header of a request: up to 200 printable ASCII characters.
	Blanks around it come from copying."""
	if not isinstance(value, str):
		raise PydanticCustomError("string_type", "")
	text = value.strip()
	if len(text) > MAX_CREDENTIAL_LENGTH:
		raise PydanticCustomError("string_too_long", "", {"max_length": MAX_CREDENTIAL_LENGTH})
	if any(not "!" <= character <= "~" for character in text):
		raise PydanticCustomError("credential", _("it must have no blanks, and ASCII characters only"))
	return SecretStr(text)


Credential = Annotated[SecretStr, BeforeValidator(credential)]


def json_list(value: Any) -> Any:
	"""A list as Desk's scripts send it: as JSON in a text. Other texts stay as they are, for the type to
	reject."""
	if not isinstance(value, str):
		return value
	try:
		return read_json(value.encode("utf-8", "replace"))
	except JsonRefused:
		return value


# Forms send a list as JSON in a text.
DocumentNames = Annotated[list[DocumentName], BeforeValidator(json_list)]


class ParameterSchema:
	"""The parameters that a function's type hints and defaults declare.

	:ivar secrets: the names of those that are secrets (SecretStr).
	"""

	def __init__(self, function: Callable):
		hints = get_type_hints(function, include_extras=True)
		fields: dict[str, Any] = {}
		self.optional: set[str] = set()
		self.secrets = {name for name, hint in hints.items() if name != "return" and _is_secret(hint)}
		for name, parameter in inspect.signature(function).parameters.items():
			required = parameter.default is inspect.Parameter.empty
			fields[name] = (hints[name], ... if required else parameter.default)
			if not required:
				self.optional.add(name)
		config = ConfigDict(str_max_length=MAX_TEXT_LENGTH, arbitrary_types_allowed=False)
		self.model = create_model(function.__name__, __config__=config, **fields)

	def validate(self, arguments: dict[str, Any]) -> dict[str, Any]:
		"""Converts the arguments to the declared types and drops undeclared ones.

		A parameter that is null counts as not given, and so does a blank optional one: forms send empty
		fields.

		:raises InvalidInput: a parameter is missing or wrong; the message names the first five.
		"""
		given = {
			name: value
			for name, value in arguments.items()
			if value is not None
			and not (name in self.optional and isinstance(value, str) and not value.strip())
		}
		for name in self.model.model_fields.keys() & given.keys():
			_check_length(name, given[name])
		try:
			values = self.model.model_validate(given)
		except ValidationError as error:
			problems = error.errors(include_url=False)[:MAX_PROBLEMS]
			raise InvalidInput(" ".join(map(_sentence, problems))) from None
		return {name: getattr(values, name) for name in self.model.model_fields}


def _check_length(name: str, value: Any) -> None:
	if isinstance(value, list | dict) and len(value) > MAX_LIST_LENGTH:
		raise InvalidInput(_("Parameter {0} is too long: at most {1} entries.").format(name, MAX_LIST_LENGTH))


def _is_secret(hint: Any) -> bool:
	waiting = [hint]
	while waiting:
		part = waiting.pop()
		if part is SecretStr:
			return True
		waiting.extend(get_args(part))
	return False


def _sentence(problem: ErrorDetails) -> str:
	"""Describes one of pydantic's errors to a user. It does not repeat the value, which may be a secret."""
	field = ".".join(map(str, problem["loc"]))
	match problem["type"]:
		case "missing":
			return _("Parameter {0} is missing.").format(field)
		case "string_too_long":
			limit = problem["ctx"]["max_length"]
			return _("Parameter {0} is too long: at most {1} characters.").format(field, limit)
		case "string_too_short" | "string_pattern_mismatch":
			return _("Parameter {0} must not be blank.").format(field)
	return _("Parameter {0} is invalid: {1}.").format(field, _reason(problem))


def _reason(problem: ErrorDetails) -> str:
	"""Why a value is wrong. The sentences of MedGrid's own types are there already; pydantic's are not for
	people, and in English only."""
	kind, context = problem["type"], problem.get("ctx", {})
	if kind not in PYDANTICS:
		return problem["msg"]
	match kind.partition("_")[0]:
		case "string":
			return _("it must be text")
		case "int":
			return _("it must be a whole number")
		case "float" | "decimal" | "finite":
			return _("it must be a number")
		case "bool":
			return _("it must be true or false")
		case "list":
			return _("it must be a list")
		case "dict" | "model":
			return _("it must be an object")
	match kind:
		case "greater_than_equal":
			return _("it must be {0} or more").format(context["ge"])
		case "less_than_equal":
			return _("it must be {0} or less").format(context["le"])
		case "too_short":
			return _("it must not be empty")
		case "too_long":
			return _("at most {0} entries").format(context["max_length"])
		case "literal_error" | "enum":
			return _("it must be one of {0}").format(context["expected"])
	return _("this value is not possible here")
