"""RPC: the vendors' self-service hub. Contract: "list_connections" to "disconnect".

Every function works on the connections of the caller and of the caller's Supplier; no parameter can select
another Supplier's. Who did what is on the connection's record.
"""

from datetime import date
from typing import Annotated, Any

import frappe
from frappe import _
from pydantic import BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from medgrid.api.endpoint import endpoint
from medgrid.api.errors import raise_if_too_early
from medgrid.api.parameters import AccountName, Credential, DocumentName, json_list
from medgrid.api.responses import (
	answer_webhook,
	query_string,
	redirect,
	set_status,
	sign_in_and_come_back,
	visitor,
	wants_page,
)
from medgrid.clients.shopify.domains import ShopName
from medgrid.clients.shopify.oauth.installation import SessionNeeded
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import InvalidInput, MedgridError
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations import invitations, jobs
from medgrid.integrations.accounts import listing as accounts
from medgrid.integrations.accounts import pausing, start_date
from medgrid.integrations.connections import descriptions, records
from medgrid.integrations.connections.actions import record_test
from medgrid.integrations.connections.credentials import forget_credentials, save_credentials
from medgrid.integrations.operations import operations_of
from medgrid.integrations.registry import REGISTRY, SYNCABLE, integration_of
from medgrid.integrations.sendblue import inbound, verification
from medgrid.integrations.sendblue.codes import LIFE_SECONDS
from medgrid.integrations.shipstation import sync as shipstation
from medgrid.integrations.shipstation.parcels import notices
from medgrid.integrations.shopify import installation, uninstall
from medgrid.integrations.shopify.app import CALLBACK
from medgrid.services.callers import count_call
from medgrid.services.failure_texts import failure_text

IntegrationType = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]

# Contract, "sync_now": "pushes up to 25 unfulfilled orders".
PUSH_LIMIT = 25
PORTAL_PAGE = "/portal/integrations"
CALLBACKS_PER_MINUTE = 300
ADMINISTRATORS = ("System Manager",)
# Each may take a second.
MAX_INVITATIONS = 50


def _six_digits(value: Any) -> SecretStr:
	if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6:
		# As a JSON number it has lost its zeros.
		value = f"{value:06d}"
	digits = value.replace(" ", "").replace("-", "") if isinstance(value, str) else ""
	if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
		raise PydanticCustomError("code", _("it must have six digits"))
	return SecretStr(digits)


Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
EmailText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
FirstName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
SupplierNames = Annotated[
	list[DocumentName], BeforeValidator(json_list), Field(min_length=1, max_length=MAX_INVITATIONS)
]
Code = Annotated[SecretStr, BeforeValidator(_six_digits)]


@endpoint("GET")
def list_connections() -> dict:
	"""Lists the integrations with the caller's connections, without credentials.

	:returns: `integrations`, a list of the contract's Integration Connection Object, and `user`.
	"""
	user = frappe.session.user
	return {"integrations": descriptions.listing(user), "user": user}


@endpoint("GET")
def list_accounts() -> dict:
	"""Lists the caller's connections, several of one integration included, with what identifies each account,
	who connected it when, and its last syncs. Without credentials.

	:returns: `accounts`, see `accounts.listing.accounts`, and `user`.
	"""
	user = frappe.session.user
	return {"accounts": accounts.accounts(user), "user": user}


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


@endpoint("POST", vendors=True)
def test_connection(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Tests the stored credentials and records the outcome as the connection's status.

	Contract: "test_connection".

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `error`, a sentence or None.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	:raises TooManyRequests: the other system's rate limit is reached for longer than a caller waits, which
		changes no status; or the caller has another request to another system under way (429).
	"""
	integration = integration_of(integration_type, SYNCABLE)
	connection = records.require(frappe.session.user, integration, account)
	failure = None
	try:
		operations_of(connection.integration).test(connection)
	except IntegrationError as error:
		raise_if_too_early(error)
		failure = error
	record_test(connection, failure)
	return {"ok": failure is None, "error": failure_text(failure) if failure else None}


@endpoint("GET")
def connection_advice(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Says what the caller can do about a connection that does not work.

	:param account: the name of one of several accounts; None: the first.
	:returns: `advice`, a sentence; None if the connection works, or is not connected.
	:raises InvalidInput: unknown integration (400).
	"""
	integration = integration_of(integration_type)
	return {"advice": descriptions.advice(frappe.session.user, integration, account)}


@endpoint("POST", vendors=True)
def sync_now(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Syncs one integration of the caller's Supplier. Contract: "sync_now".

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `stats`, and `error` if the whole sync failed.
	:raises InvalidInput: unknown integration (400).
	:raises Conflict: a sync is running (409).
	:raises RuleViolated: not connected, paused, or the caller belongs to no Supplier (417).
	:raises TooManyRequests: the caller has another request to another system under way (429).
	"""
	user = frappe.session.user
	connection = records.require(user, integration_of(integration_type, SYNCABLE), account)
	return jobs.sync_now(connection, limit=PUSH_LIMIT)


@endpoint("POST", vendors=True)
def pause(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Pauses a connection: it stays connected, and nothing syncs it until somebody resumes it. A sync in
	progress ends. The same again changes nothing.

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok`, `integration`, and `paused` with `since` and `by`.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	"""
	user, integration = frappe.session.user, integration_of(integration_type, SYNCABLE)
	pausing.pause(user, integration, account)
	connection = records.find(user, integration, account)
	return {"ok": True, "integration": integration.id, "paused": connection and connection.paused}


@endpoint("POST", vendors=True)
def resume(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Ends a pause; the next sync is queued at once. The same again changes nothing.

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `integration`.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	"""
	integration = integration_of(integration_type, SYNCABLE)
	pausing.resume(frappe.session.user, integration, account)
	return {"ok": True, "integration": integration.id}


@endpoint("POST")
def disconnect(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Deletes the stored credentials and keeps the records of past syncs. Contract: "disconnect".

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `integration`.
	:raises InvalidInput: unknown integration (400).
	"""
	integration = integration_of(integration_type)
	forget_credentials(frappe.session.user, integration, account)
	return {"ok": True, "integration": integration.id}


@endpoint("POST", vendors=True)
def shopify_start_install(shop_domain: ShopName, account: AccountName | None = None) -> dict:
	"""Begins connecting the caller's Shopify store. Contract: "shopify_start_install".

	:param shop_domain: `your-store`, `your-store.myshopify.com` or its URL.
	:param account: the name of one of several accounts; a new name makes another connection. None: the first.
	:returns: `ok`, `authorize_url` for the merchant's browser, and the `state` in it, valid for 10 minutes.
	:raises InvalidInput: `shop_domain` is not a shop's domain (400).
	:raises RuleViolated: MedGrid's Shopify app is not set up (417).
	"""
	install = installation.start_install(frappe.session.user, shop_domain, account)
	return {"ok": True, "authorize_url": install.authorize_url, "state": install.state}


@endpoint("GET", allow_guest=True, page=True)
def shopify_callback() -> dict | None:
	"""Finishes connecting a Shopify store: Shopify redirects the merchant's browser here.

	Contract: "shopify_callback".

	:returns: `ok`, `shop`, `redirect`; if Shopify or the merchant refused, `ok` (False), `error`, `status`,
		with HTTP 417. A browser is redirected to the portal in both cases; first to the login page, and back
		here, if nobody is signed in.
	:raises InvalidInput: a check failed, or another user is signed in; the message says which (400).
	:raises RuleViolated: MedGrid's Shopify app is not set up (417).
	"""
	try:
		count_call("shopify_callback", CALLBACKS_PER_MINUTE)
		shop = installation.finish_install(query_string(), visitor()).shop
	except SessionNeeded:
		sign_in_and_come_back(CALLBACK)
		return None
	except MedgridError as error:
		if wants_page():
			return redirect(f"{PORTAL_PAGE}?shopify=error&reason={installation.reason_of(error)}")
		if not isinstance(error, IntegrationError):
			raise
		set_status(417)
		return {"ok": False, "error": failure_text(error), "status": "error"}
	if wants_page():
		return redirect(f"{PORTAL_PAGE}?shopify=connected")
	return {"ok": True, "shop": shop, "redirect": f"{PORTAL_PAGE}?shopify=connected"}


@endpoint("POST", allow_guest=True, max_body_bytes=uninstall.WEBHOOKS.max_bytes, signed_body=True)
def shopify_webhook() -> dict | None:
	"""Receives Shopify's webhook about the uninstallation of MedGrid's app. Contract: "Webhook Error
	Response".

	:returns: `status`, `topic`; 401 with the contract's body if the signature is wrong.
	:raises TooManyRequests: too many wrong signatures from this address (429).
	"""
	return answer_webhook(uninstall.WEBHOOKS)


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


@endpoint("POST", roles=ADMINISTRATORS)
def invite_vendor(supplier: DocumentName, email: EmailText, first_name: FirstName | None = None) -> dict:
	"""Invites a person to the portal for a Supplier: makes the user, its role and the row among the
	Supplier's portal users, and sends a mail, whose link ends on the portal. The same again changes nothing;
	who has not signed in yet gets another mail.

	:param first_name: of the person; None: the portal shows the address.
	:returns: `supplier`, `user`, `state` (`invited` or `accepted`), `mailed`, `warnings` (sentences).
	:raises InvalidInput: `email` is no e-mail address (400).
	:raises NotFound: there is no such Supplier (404).
	:raises RuleViolated: the Supplier or the user is disabled, the user belongs to another Supplier or works
		in Desk (417).
	"""
	return invitations.invite(supplier, email, first_name)


@endpoint("POST", roles=ADMINISTRATORS)
def invite_vendors(suppliers: SupplierNames) -> dict:
	"""Invites the main e-mail address of each of some Suppliers.

	:param suppliers: at most 50 names.
	:returns: `invitations`, for each what `invite_vendor` returns, or `supplier` and `error`.
	"""
	return {"invitations": invitations.invite_all(suppliers)}


@endpoint("GET", roles=ADMINISTRATORS)
def list_invitations(supplier: DocumentName) -> dict:
	"""Lists who has access to the portal for a Supplier.

	:returns: `users` (`user`, `full_name`, `state`: `invited`, `accepted` or `disabled`, `invited_at`,
		`last_active`) and `warnings` (sentences).
	:raises NotFound: there is no such Supplier (404).
	"""
	return invitations.invitations_of(supplier)
