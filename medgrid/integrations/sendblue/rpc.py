"""RPC: the phones of vendors' users. Contract: "list_connections" (the sendblue entry)."""

from typing import Annotated, Any

import frappe
from frappe import _
from pydantic import BeforeValidator, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from medgrid.api.endpoint import endpoint
from medgrid.api.responses import answer_webhook
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations.sendblue import inbound, verification
from medgrid.integrations.sendblue.codes import LIFE_SECONDS
from medgrid.services.failure_texts import failure_text


def _six_digits(value: Any) -> SecretStr:
	if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6:
		# As a JSON number it has lost its zeros.
		value = f"{value:06d}"
	digits = value.replace(" ", "").replace("-", "") if isinstance(value, str) else ""
	if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
		raise PydanticCustomError("code", _("it must have six digits"))
	return SecretStr(digits)


Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Code = Annotated[SecretStr, BeforeValidator(_six_digits)]


@endpoint("POST", vendors=True)
def sendblue_start_verification(phone: Phone) -> dict:
	"""Texts a 6-digit code to a phone. The code is valid for 10 minutes and 5 tries.

	:param phone: an international number, or a national one of the US.
	:returns: `ok`, `integration`, `phone` in E.164, `expires_in` in seconds;
		if Sendblue did not send it, `ok` (False), `error`, `status`.
	:raises InvalidInput: `phone` is not a phone number (400).
	:raises RuleViolated: the caller belongs to no Supplier, or Sendblue is not set up (417).
	:raises TooManyRequests: more than three codes an hour for the user or for the number (429).

	Source: contract, "list_connections" (the sendblue entry); the failure's shape is connect_shipstation's.
	"""
	try:
		number = verification.send_code(frappe.session.user, phone)
	except IntegrationError as failure:
		return {"ok": False, "error": failure_text(failure), "status": "error"}
	return {"ok": True, "integration": "sendblue", "phone": number, "expires_in": LIFE_SECONDS}


@endpoint("POST")
def sendblue_verify(code: Code) -> dict:
	"""Verifies a code and connects the phone that it was texted to.

	:returns: `ok`, `integration`, `status`, `phone` in E.164; if the code is wrong, `ok` (False), `error`,
		`status`.
	:raises InvalidInput: the code does not have six digits; this does not count as a try (400).

	Source: contract, "list_connections" (`stats.verified_phone`).
	"""
	try:
		number = verification.check_code(frappe.session.user, code)
	except IntegrationError as failure:
		return {"ok": False, "error": failure_text(failure), "status": "error"}
	return {"ok": True, "integration": "sendblue", "status": "connected", "phone": number}


@endpoint("POST", allow_guest=True, max_body_bytes=inbound.WEBHOOKS.max_bytes, signed_body=True)
def sendblue_webhook() -> dict | None:
	"""Receives Sendblue's "receive" webhook: STOP and START turn alerts off and on, HELP is answered.

	Sendblue sends the secret of Medgrid Settings in the header `sb-signing-secret` or, if that cannot be set,
	as `?secret=` in the URL.

	:returns: `status` ("ok"), whether or not there was anything to do; 401 without the secret.
	:raises TooManyRequests: more than 120 wrong secrets a minute from one network address (429).

	Source: contract, "Webhook Error Response".
	"""
	secret = frappe.request.headers.get(inbound.SECRET) or frappe.request.args.get("secret") or ""
	return answer_webhook(inbound.WEBHOOKS, {inbound.SECRET: secret})
