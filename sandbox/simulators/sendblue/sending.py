"""POST /api/send-message: what makes a message acceptable, and what the answer to one is."""

import json
import re
import uuid
from typing import Any

from sandbox.simulators.common.messages import Request
from sandbox.simulators.sendblue.accounts import Account
from sandbox.simulators.sendblue.errors import BadRequest, NotFound
from sandbox.simulators.sendblue.reports import report

PATH = "/api/send-message"
E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST = 18_996


def send(account: Account, request: Request) -> dict[str, Any]:
	"""Accepts a message and returns it as Sendblue reports it.

	:raises Refused: for whatever Sendblue would not send.
	"""
	if (request.method, request.path.rstrip("/")) != ("POST", PATH):
		raise NotFound(f"Cannot {request.method} {request.path}")
	content = _read(request)
	number = _number(content, "number")
	sender = _number(content, "from_number") if "from_number" in content else account.numbers[0]
	if sender not in account.numbers:
		raise BadRequest(f"from_number {sender} is none of this account's numbers.")
	if number in account.opted_out:
		raise BadRequest(f"{number} has opted out.")
	message = report(
		is_outbound=True,
		status="QUEUED",
		handle=str(uuid.uuid4()),
		content=_text(content),
		from_number=sender,
		number=number,
		to_number=number,
	)
	account.sent.append(message)
	return message


def _read(request: Request) -> dict[str, Any]:
	if "json" not in request.content_type:
		raise BadRequest("Send JSON.")
	try:
		content = json.loads(request.body)
	except ValueError:
		raise BadRequest("The body is not JSON.") from None
	if not isinstance(content, dict):
		raise BadRequest("The body must be an object.")
	return content


def _number(content: dict[str, Any], name: str) -> str:
	value = content.get(name)
	if not value:
		raise BadRequest(f"missing required parameter: {name}")
	if not isinstance(value, str) or not E164.fullmatch(value):
		raise BadRequest(f"{name} must be in E.164, like +19998887777.")
	return value


def _text(content: dict[str, Any]) -> str:
	text = content.get("content")
	if not isinstance(text, str) or not text.strip():
		raise BadRequest("missing required parameter: content or media_url")
	if len(text) > LONGEST:
		raise BadRequest(f"content is longer than {LONGEST} characters.")
	return text
