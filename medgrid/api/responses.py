"""Webhooks, redirects, long lists and other responses that are not a short JSON answer."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import frappe
from frappe.utils.response import json_handler
from werkzeug.wrappers import Response

from medgrid.api import errors
from medgrid.api.commands import METHOD_PATH
from medgrid.api.request_bounds import read_body
from medgrid.api.routes.clients import accepted
from medgrid.clients.shopify.oauth.installation import Visitor
from medgrid.exceptions import MedgridError
from medgrid.services.desk_messages import as_message
from medgrid.services.sign_in import sign_in_path
from medgrid.vertex.contract.operations import is_ours as is_operation
from medgrid.webhooks.receiver import receive
from medgrid.webhooks.source import Source


def wants_page() -> bool:
	"""Whether the client is a browser: it accepts HTML."""
	return "text/html" in accepted(frappe.request)


def redirect(path: str) -> None:
	"""Answers with a redirect within this site.

	:param path: begins with a slash.
	"""
	frappe.local.response.update({"type": "redirect", "location": path})


def query_string() -> str:
	"""The request's query string, raw."""
	return frappe.request.query_string.decode("utf-8", "replace")


def visitor() -> Visitor:
	"""Who brings an OAuth callback: the current request's user, and whether it is a browser."""
	user = frappe.session.user
	return Visitor(None if user == "Guest" else user, is_browser=wants_page())


def sign_in_and_come_back(path: str) -> None:
	"""Redirects a browser to the login page, which leads back to this request with its whole query.

	:param path: of this request, as the code has it: that of the request could be another site's.
	"""
	redirect(sign_in_path(path, query_string()))


def answer(body: dict, status: int = 200) -> None:
	"""Answers with exactly this JSON object, not wrapped in `message`."""
	frappe.local.response.update(body)
	frappe.local.response["http_status_code"] = status


def csv_file(name: str, text: str) -> None:
	"""Answers with a CSV file. `medgrid.desk.exports` then takes the formulas out of its cells.

	:param name: of the file, without its ending.
	:param text: its times are UTC.
	"""
	frappe.local.response.update({"type": "csv", "doctype": name, "result": text, "in_utc": True})


def set_status(status: int) -> None:
	"""Gives the answer to a value that is returned another status than 200."""
	frappe.local.response["http_status_code"] = status


def fail_with_value(error: MedgridError) -> None:
	"""Gives the answer to a value that is returned an error's status and the contract's three keys: a monitor
	that looks at the status needs no JSON, and who reads has the value."""
	status, exception_class = errors.answer_to(error) or (500, Exception)
	errors.note_retry_after(error)
	frappe.local.flags[errors.HAS_VALUE] = True
	frappe.local.response.update(
		{
			"http_status_code": status,
			"exc_type": exception_class.__name__,
			"_server_messages": json.dumps([json.dumps({"message": as_message(str(error))})]),
		}
	)


def answer_webhook(source: Source, headers: Mapping[str, str] | None = None) -> dict[str, Any] | None:
	"""Processes the current request as a webhook of a source.

	:param headers: used instead of the request's own headers.
	:returns: the return value of the RPC; None if the response has another shape and is set already.
	:raises TooManyRequests: too many wrong signatures from this address (429).
	"""
	received = receive(
		source, read_body(frappe.request), frappe.request.headers if headers is None else headers
	)
	if received.status == 200:
		return received.body
	answer(received.body, received.status)
	return None


# How many rows of a long list are encoded together.
ROWS_TOGETHER = 500


class Encoded(ABC):
	"""What an RPC returns with JSON of its own: Frappe's would take longer, or more memory."""

	@abstractmethod
	def encoded(self, key: str) -> Iterator[bytes]:
		"""Encodes the answer in parts: an object with the value as its only one."""

	@abstractmethod
	def plain(self) -> Any:
		"""The value as plain data, for Frappe's JSON."""


class LongList(Encoded):
	"""A list that an RPC returns whole, however long it is.

	The rows are encoded while they are read, so that a request never holds more than the bytes of its answer.
	Frappe would hold the rows, the text and its bytes: seven times as much.

	:param rows: read once.
	"""

	def __init__(self, rows: Iterable[Mapping[str, Any]]):
		self.rows = rows

	def encoded(self, key: str) -> Iterator[bytes]:
		rows, separator = iter(self.rows), b""
		yield json.dumps({key: []}, separators=(",", ":")).encode()[:-2]
		while part := list(islice(rows, ROWS_TOGETHER)):
			text = json.dumps(part, default=json_handler, separators=(",", ":"), ensure_ascii=False)
			yield separator + text[1:-1].encode()
			separator = b","
		yield b"]}"

	def plain(self) -> list[Mapping[str, Any]]:
		return list(self.rows)


class JsonObject(Encoded):
	"""An object whose JSON is there.

	:param text: its JSON.
	"""

	def __init__(self, text: bytes):
		self.text = text

	def encoded(self, key: str) -> Iterator[bytes]:
		yield b'{"%s":' % key.encode()
		yield self.text
		yield b"}"

	def plain(self) -> Any:
		return json.loads(self.text)


def finished(result: Any, command: str) -> Any:
	"""Returns what Frappe gets from an RPC. What is encoded becomes the response to the current request if
	Frappe sends it as it is; to all others it is plain data.

	:param command: the RPC's dotted name.
	"""
	if not isinstance(result, Encoded):
		return result
	request = getattr(frappe.local, "request", None)
	if not (request and _is_sent_as_it_is(request, command)):
		return result.plain()
	key = "data" if request.path.startswith("/api/v2/") else "message"
	return Response(list(result.encoded(key)), mimetype="application/json")


def _is_sent_as_it_is(request, command: str) -> bool:
	"""Whether the address names the RPC. Frappe makes a response of its own if a parameter `cmd` names it; at
	the second contract's addresses there is none."""
	match = METHOD_PATH.match(request.path)
	named = match and (match.group(1) or match.group(2))
	if is_operation(named):
		return True
	return named == command and "cmd" not in request.values and b"cmd" not in request.get_data()
