"""Answers of a system that means harm, by name: what a client must survive.

`MODES` is the table. Each mode turns the answer that the simulator would give into a hostile one; some put
something of their own in its place, others change what is in it. A fault of the kind `hostile:<mode>` spoils
chosen requests; `python3 -m sandbox.simulators shipstation --port … --hostile <mode>` spoils all.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sandbox.simulators.common.messages import Answer, Sent, text_answer

PREFIX = "hostile:"
MARKUP = "<img src=x onerror=alert(1)>"
# A direction override, a zero-width space, a NUL-like control character, and a line end.
INVISIBLE = "\u202eevil\u200b\u0007\r\n"
LONG_ID = "9" * 200
FAR_TIME = "9999-12-31T23:59:59-14:00"
# More than a client takes (8 MiB), plain and unpacked.
TOO_LONG = 9 * 1024 * 1024
ENDLESS = 99_999_999_999

# Fields of the services by what they hold.
IDS = {"orderId", "shipmentId", "id", "message_handle", "customerId"}
TIMES = {"createDate", "shipDate", "createdAt", "updatedAt", "cancelledAt", "orderDate", "modifyDate"}
NUMBERS = {"trackingNumber", "number"}
CODES = {"carrierCode", "serviceCode", "currencyCode", "status", "orderStatus", "displayFulfillmentStatus"}

Spoil = Callable[[Answer], Answer]
Change = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Mode:
	"""
	:param what: what it answers, in one line.
	:param spoil: the hostile answer in place of an honest one.
	:param changes_content: whether the answer is the honest one with other values; else it is the same for
		every request.
	"""

	what: str
	spoil: Spoil
	changes_content: bool = False


def spoilt(mode: str, answer: Answer) -> Answer:
	"""The hostile answer of a mode. Raises KeyError if there is none of this name."""
	return MODES[mode].spoil(answer)


def _body(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Spoil:
	return lambda answer: Answer(status, body, headers=headers or {})


def _with_headers(headers: dict[str, str], status: int | None = None) -> Spoil:
	return lambda answer: replace(
		answer, headers={**answer.headers, **headers}, status=answer.status if status is None else status
	)


def _changed(change: Change) -> Spoil:
	"""Changes the values of an answer, by the names of their fields."""

	def spoil(answer: Answer) -> Answer:
		try:
			content = json.loads(answer.body)
		except ValueError:
			return answer
		return replace(answer, body=json.dumps(_walked(content, change)).encode())

	return spoil


def _walked(value: Any, change: Change, name: str = "") -> Any:
	if isinstance(value, dict):
		return {key: change(key, _walked(each, change, key)) for key, each in value.items()}
	if isinstance(value, list):
		return [_walked(each, change, name) for each in value]
	return value


def _values_of(names: set[str], new: Any) -> Spoil:
	"""Replaces the values of some fields, unless they are empty or hold further fields."""

	def change(name: str, value: Any) -> Any:
		return new if name in names and value and not isinstance(value, dict | list) else value

	return _changed(change)


def _invisible(name: str, value: Any) -> Any:
	is_text = isinstance(value, str) and name not in IDS | TIMES and not value.startswith("gid://")
	return value + INVISIBLE if is_text else value


def _endless(name: str, value: Any) -> Any:
	if name == "pages":
		return ENDLESS
	return True if name == "hasNextPage" else value


def _costs(**values: Any) -> Spoil:
	return _changed(lambda name, value: values.get(name, value))


def _wrong_shapes(new: Any) -> Spoil:
	"""Puts something else where lists are."""
	return _changed(lambda name, value: new if isinstance(value, list) else value)


def _refusal(message: Any, **more: Any) -> Spoil:
	"""A refusal in the words of every service: HTTP 400, ShipStation's message, Shopify's errors."""
	entry = {"message": message, "extensions": more.get("extensions", {"code": "BAD"})}
	content = {"message": message, "Message": message, "ModelState": more.get("state", {"x": [message]})}
	return lambda answer: text_answer(json.dumps({**content, "errors": [entry]}), 400)


def _content(what: str, spoil: Spoil) -> Mode:
	return Mode(what, spoil, changes_content=True)


@cache
def _bomb() -> bytes:
	return gzip.compress(b" " * 40 * 1024 * 1024, 9)


MODES: dict[str, Mode] = {
	"deep_lists": Mode("100,000 lists in one another", _body(b"[" * 100_000 + b"]" * 100_000)),
	"deep_objects": Mode("50,000 objects in one another", _body(b'{"a":' * 50_000 + b"1" + b"}" * 50_000)),
	"endless_blanks": Mode("9 MB of blanks", _body(b" " * TOO_LONG)),
	"many_elements": Mode("600,000 numbers", _body(b"[" + b"1," * 600_000 + b"1]")),
	"zip_bomb": Mode(
		"40 kB that unpack to 40 MB",
		lambda answer: Answer(200, _bomb(), headers={"Content-Encoding": "gzip"}),
	),
	"unknown_encoding": Mode(
		"a content encoding that nobody asked for", _with_headers({"Content-Encoding": "br"})
	),
	"broken_zip": Mode("gzip that is none", _with_headers({"Content-Encoding": "gzip"})),
	"half_a_body": Mode("the first half of the body", lambda answer: replace(answer, sent=Sent.HALF)),
	"nothing": Mode("a closed connection", lambda answer: replace(answer, sent=Sent.NOTHING)),
	"infinity": Mode("numbers that are not finite", _body(b'{"shipments": [Infinity], "data": NaN}')),
	"huge_number": Mode("an integer of 5,000 digits", _body(b"[" + b"9" * 5000 + b"]")),
	"half_surrogate": Mode("half an emoji", _body(b'{"message": "\\ud800", "data": {"shop": "\\udfff"}}')),
	"half_surrogate_refusal": Mode("half an emoji in a refusal", _body(b'{"message": "\\ud800"}', 400)),
	"nul": Mode("a NUL in a text", _body(b'{"message": "a\\u0000b", "data": "a\\u0000b"}')),
	"nul_refusal": Mode("a NUL in a refusal", _body(b'{"Message": "a\\u0000b"}', 400)),
	"not_utf8": Mode("bytes that are no UTF-8", _body(b'{"message": "\xff\xfe"}')),
	"page_of_html": Mode("a page of HTML with status 200", _body(b"<html><script>alert(1)</script></html>")),
	"empty": Mode("no body", _body(b"")),
	"null": Mode("null", _body(b"null")),
	"text": Mode("a text", _body(b'"ok"')),
	"number": Mode("a number", _body(b"5")),
	"redirect_inside": Mode(
		"a redirect to the machine's own network", _with_headers({"Location": "http://169.254.169.254/"}, 302)
	),
	"redirect_loop": Mode("a redirect to nowhere", _with_headers({"Location": "/"}, 307)),
	"unheard_of_status": Mode("status 799", _with_headers({}, 799)),
	"rates_without_end": Mode(
		"rate headers that are not finite",
		_with_headers(
			{"X-Rate-Limit-Limit": "inf", "X-Rate-Limit-Remaining": "1e400", "X-Rate-Limit-Reset": "-inf"}
		),
	),
	"rates_without_sense": Mode(
		"rate headers that are no numbers",
		_with_headers(
			{"X-Rate-Limit-Limit": "nan", "X-Rate-Limit-Remaining": "-1", "X-Rate-Limit-Reset": MARKUP}
		),
	),
	"retry_never": Mode("429 with an endless Retry-After", _with_headers({"Retry-After": "1e400"}, 429)),
	"retry_in_the_past": Mode("429 with a negative Retry-After", _with_headers({"Retry-After": "-1"}, 429)),
	"retry_in_the_year_9999": Mode(
		"429 with a date far away", _with_headers({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, 429)
	),
	"long_ids": _content("ids of 200 digits", _values_of(IDS, LONG_ID)),
	"markup_ids": _content("ids of markup", _values_of(IDS, MARKUP)),
	"path_ids": _content("ids that lead elsewhere in a path", _values_of(IDS, "../../x?y=1")),
	"one_id": _content("one id for everything", _values_of({"orderId"}, 1000)),
	"far_times": _content("times of the year 9999", _values_of(TIMES, FAR_TIME)),
	"markup_numbers": _content("tracking numbers of markup", _values_of(NUMBERS, MARKUP)),
	"formula_numbers": _content(
		"tracking numbers of a spreadsheet", _values_of(NUMBERS, "=cmd|'/c calc'!A1")
	),
	"markup_codes": _content("codes and statuses of markup", _values_of(CODES, MARKUP)),
	"invisible_text": _content("control and direction characters in all texts", _changed(_invisible)),
	"endless_pages": _content("always another page", _changed(_endless)),
	"negative_rates": _content(
		"a bucket that empties by itself",
		_costs(restoreRate=-1, maximumAvailable=-5, currentlyAvailable=-1e9),
	),
	"tiny_rates": _content(
		"a bucket that refills in a year", _costs(restoreRate=1e-9, currentlyAvailable=-1_000_000.0)
	),
	"endless_cost": _content("a query that costs 1e300", _costs(requestedQueryCost=1e300)),
	"numbers_for_lists": _content("5 where lists are", _wrong_shapes(5)),
	"texts_for_lists": _content("a text where lists are", _wrong_shapes("abc")),
	"wrong_entries": _content(
		"lists of what does not belong there", _wrong_shapes([5, None, "x", [], {"id": {}}])
	),
	"refusal_of_markup": Mode("a refusal with markup", _refusal(MARKUP + INVISIBLE + "A" * 9000)),
	"refusal_of_wrong_shape": Mode(
		"a refusal whose parts are of other types", _refusal({"a": [1]}, extensions=[1], state=5)
	),
}
