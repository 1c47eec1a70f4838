"""The members of the second contract's requests that RPCs declare.

See docs/api.md, "Installing".
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timezone
from typing import Annotated, Any, Literal

from frappe import _
from pydantic import AfterValidator, BeforeValidator, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from medgrid.core.text import is_visible
from medgrid.exceptions import InvalidInput

MAX_SECRET = 200
MAX_QUERY = 4000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)


def _text(max_length: int) -> Any:
	"""A text as it came, which is more than blanks."""
	return Annotated[str, StringConstraints(min_length=1, max_length=max_length, pattern=r"\S")]


def _word(max_length: int) -> Any:
	"""One line without blanks around it."""
	constraints = StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length)
	return Annotated[str, constraints, AfterValidator(_visible)]


def _visible(value: str) -> str:
	if not is_visible(value):
		raise PydanticCustomError("characters", _("it must not have characters that cannot be seen"))
	return value


def _secret(value: Any) -> Any:
	"""Printable ASCII without blanks, as Vertex issues them. Blanks around it come from copying."""
	if not isinstance(value, str):
		raise PydanticCustomError("string_type", "it must be a text")
	text = value.strip()
	if not text:
		raise PydanticCustomError("string_too_short", "", {"min_length": 1})
	if len(text) > MAX_SECRET:
		raise PydanticCustomError("string_too_long", "", {"max_length": MAX_SECRET})
	if any(not "!" <= character <= "~" for character in text):
		raise PydanticCustomError("secret", "it must have no blanks, and ASCII characters only")
	return SecretStr(text)


def _trusted(value: Any) -> Any:
	secret = _secret(value)
	if len(secret.get_secret_value()) > 64:
		raise PydanticCustomError("string_too_long", "", {"max_length": 64})
	return secret


def _moment(value: Any, time_of_day: time) -> datetime:
	"""A time of contract B's, or a date with a time of day."""
	if isinstance(value, str):
		try:
			if _DATE.fullmatch(value):
				return datetime.combine(date.fromisoformat(value), time_of_day, timezone.utc)
			if _MOMENT.fullmatch(value):
				return datetime.fromisoformat(value[:-1]).replace(tzinfo=timezone.utc)
		except ValueError:
			pass
	raise PydanticCustomError("day", "it must be like 2026-11-25 or 2026-11-25T08:39:11Z")


ShopName = _word(200)
Hmac = _text(128)
RequestData = _text(MAX_QUERY)
Code = _text(200)
Parameter = _text(500)
CompanyCode = Division = _word(40)
ClientId = _word(200)
ClientSecret = Annotated[SecretStr, BeforeValidator(_secret)]
TrustedId = Annotated[SecretStr, BeforeValidator(_trusted)]
Deployment = Literal["cloud", "cloud_legacy", "on_demand"]
Host = _word(200)
# What `quote_document` asks about.
Taxed = Literal["Quotation", "Sales Order", "Sales Invoice"]
# What `retry_document` finds a booking by.
Booked = Literal["Quotation", "Sales Order", "Sales Invoice", "Vertex Tax Document"]
Keyword = Literal["quotation", "invoice", "onboarding"]


def read_period(content: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
	"""Reads `from` and `to`.

	:raises InvalidInput: one is not a time.
	"""
	return _read(content, "from", time.min), _read(content, "to", time.max)


def _read(content: Mapping[str, Any], name: str, time_of_day: time) -> datetime | None:
	value = content.get(name)
	if value is None or value == "":
		return None
	try:
		return _moment(value, time_of_day)
	except PydanticCustomError as error:
		reason = error.message()
	raise InvalidInput(_("Parameter {0} is invalid: {1}.").format(name, reason))
