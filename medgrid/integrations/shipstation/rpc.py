"""RPC: a vendor's ShipStation accounts. Contract: "connect_shipstation", "Webhook Error Response"."""

from datetime import date

import frappe
from frappe import _

from medgrid.api.endpoint import endpoint
from medgrid.api.errors import raise_if_too_early
from medgrid.api.parameters import AccountName, Credential
from medgrid.api.responses import answer_webhook
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import InvalidInput
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations.accounts import start_date
from medgrid.integrations.connections.credentials import save_credentials
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.shipstation import sync as shipstation
from medgrid.integrations.shipstation.parcels import notices
from medgrid.services.failure_texts import failure_text


@endpoint("POST", vendors=True)
def connect_shipstation(
	api_key: Credential | None = None,
	api_secret: Credential | None = None,
	account: AccountName | None = None,
	orders_since: date | None = None,
) -> dict:
	"""Tests ShipStation credentials and stores them if ShipStation accepts them.

	Contract: "connect_shipstation".

	:param account: the name of one of several accounts; a new name makes another connection. None: the first
		account, whose credentials are replaced.
	:param orders_since: only Sales Orders of this day and later are sent; None: as chosen before, and all
		open ones if nobody has chosen.
	:returns: `ok`, `integration`, `status`; if the test failed, `ok` (False), `error`, `status`, and nothing
		is stored.
	:raises InvalidInput: one of the two is missing (400).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	:raises TooManyRequests: ShipStation's rate limit is reached for longer than a caller waits; or the caller
		has tried too many keys that do not work, or has another request to another system under way (429).
	"""
	if not api_key or not api_secret:
		raise InvalidInput(_("Both API Key and API Secret are required."))
	integration = REGISTRY["shipstation"]
	credentials = {"api_key": api_key, "api_secret": api_secret}
	try:
		shipstation.probe(frappe.session.user, credentials)
	except IntegrationError as error:
		raise_if_too_early(error)
		return {"ok": False, "error": failure_text(error), "status": "error"}
	fingerprint = shipstation.account_of(credentials)
	user = frappe.session.user

	def store() -> None:
		name = save_credentials(user, integration, credentials, fingerprint, account)
		if orders_since:
			start_date.choose(name, orders_since)

	in_transaction(store)
	return {"ok": True, "integration": integration.id, "status": "connected"}


@endpoint("POST", allow_guest=True, max_body_bytes=notices.WEBHOOKS.max_bytes, signed_body=True)
def shipstation_webhook() -> dict | None:
	"""Receives ShipStation's webhook SHIP_NOTIFY: a vendor has bought a label. MedGrid asks ShipStation for
	it, so that the tracking number is there within a minute.

	MedGrid subscribes by itself. The address names the connection and has its secret, since ShipStation signs
	nothing.

	:returns: `status` ("ok"), whether or not there was anything to do; 401 without the secret.
	:raises TooManyRequests: more than 120 wrong secrets a minute from one network address (429).

	Source: contract, "Webhook Error Response".
	"""
	given = frappe.request.args
	headers = {notices.CONNECTION: given.get("connection") or "", notices.SECRET: given.get("secret") or ""}
	return answer_webhook(notices.WEBHOOKS, headers)
