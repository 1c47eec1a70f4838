"""RPC: verifying a phone, and Sendblue's webhook. `medgrid.integrations` exports them, as their address."""

import json
from typing import Annotated

import frappe
from frappe import _
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError
from werkzeug.wrappers import Response

from medgrid import rate_limits
from medgrid.api import endpoint
from medgrid.exceptions import InvalidInput
from medgrid.integrations.errors import IntegrationError
from medgrid.integrations.sendblue import inbound, verification
from medgrid.integrations.sendblue.codes import LIFE_SECONDS
from medgrid.rate_limits import Limit

MAX_WEBHOOK_BYTES = 20_000
WEBHOOKS = Limit("sendblue webhook, one address", times=120, seconds=60)
UNAUTHENTIC = {"status": "error", "code": "INVALID_TOKEN", "message": "Authentication failed"}


def _six_digits(text: str) -> str:
	digits = text.replace(" ", "").replace("-", "")
	if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
		raise PydanticCustomError("code", "it must have six digits")
	return digits


Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), AfterValidator(_six_digits)]


@endpoint("POST")
def sendblue_start_verification(phone: Phone) -> dict:
	"""Texts a 6-digit code to a phone. It is good for 10 minutes and 5 tries.

	:param phone: international, or national as in the US.
	:returns: `ok`, `integration`, `phone` in E.164, `expires_in` in seconds;
		or `ok` (False), `error`, `status`, where Sendblue did not send it.
	:raises InvalidInput: this is no phone number (400).
	:raises RuleViolated: the caller belongs to no Supplier, or Sendblue is not set up (417).
	:raises RateLimited: three codes an hour, for a user and for a number (429).

	Source: contract, "list_connections" (the sendblue entry); the failure's shape is connect_shipstation's.
	"""
	try:
		number = verification.start(frappe.session.user, phone)
	except IntegrationError as failure:
		return {"ok": False, "error": str(failure), "status": "error"}
	return {"ok": True, "integration": "sendblue", "phone": number, "expires_in": LIFE_SECONDS}


@endpoint("POST")
def sendblue_verify(code: Code) -> dict:
	"""Connects the caller by the phone that the code was texted to.

	:returns: `ok`, `integration`, `status`, `phone` in E.164; or `ok` (False), `error`, `status`.
	:raises InvalidInput: the code does not have six digits; that is no try (400).

	Source: contract, "list_connections" (`stats.verified_phone`).
	"""
	try:
		number = verification.finish(frappe.session.user, code)
	except IntegrationError as failure:
		return {"ok": False, "error": str(failure), "status": "error"}
	return {"ok": True, "integration": "sendblue", "status": "connected", "phone": number}


@endpoint("POST", allow_guest=True)
def sendblue_webhook() -> dict | Response:
	"""Sendblue's "receive" webhook: STOP and START turn alerts off and on, HELP is answered.

	The secret of Medgrid Settings comes in the header `sb-signing-secret` or, for those who cannot set
	one, as `?secret=` in the URL.

	:returns: `status` ("ok"), whether or not there was anything to do; 401 without the secret.
	:raises InvalidInput: more than 20,000 bytes (400).
	:raises RateLimited: more than 120 requests a minute from one network address (429).

	Source: contract, "Webhook Error Response".
	"""
	rate_limits.take((WEBHOOKS, rate_limits.caller()))
	body = frappe.request.get_data()
	if len(body) > MAX_WEBHOOK_BYTES:
		raise InvalidInput(_("The request is too large: at most {0} bytes.").format(MAX_WEBHOOK_BYTES))
	secret = frappe.request.headers.get("sb-signing-secret") or frappe.request.args.get("secret")
	if not inbound.is_authentic(secret):
		return Response(json.dumps(UNAUTHENTIC), status=401, mimetype="application/json")
	inbound.receive(body)
	return {"status": "ok"}
