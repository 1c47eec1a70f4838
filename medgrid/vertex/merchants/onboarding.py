"""Onboards a merchant at Vertex: the credentials are tested first, and stored only if Vertex accepts them.

No lock is held during the test. Of two simultaneous onboardings of one shop the later one wins. See
docs/api.md, `shopify_onboarding`.
"""

import json
import re
import time
from functools import partial
from typing import Any

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.vertex.deployments import Deployment
from medgrid.clients.vertex.wire import Location
from medgrid.core import rate_limits
from medgrid.core.clock import stored_utc, stored_utc_now
from medgrid.core.rate_limits import HOUR, Limit
from medgrid.core.secrets import read_secret
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Conflict, InvalidInput, NotFound, RuleViolated
from medgrid.http_client.errors import IntegrationError
from medgrid.services.failure_texts import failure_text
from medgrid.services.outgoing import take_room
from medgrid.vertex import volume
from medgrid.vertex.booking import reconciliation
from medgrid.vertex.contract.addresses import Address
from medgrid.vertex.contract.members import read_members
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.merchants import records
from medgrid.vertex.merchants.accounts import Account
from medgrid.vertex.merchants.fields import DEPLOYMENTS, DOCTYPE, FAILED, HOST, ON_DEMAND
from medgrid.vertex.merchants.probe import probe
from medgrid.vertex.merchants.records import Merchant

MAX_STREET = 100
ATTEMPTS = Limit("vertex onboarding", 60, HOUR)


def check_host(deployment: str, host: str | None) -> None:
	"""Checks the host of a deployment.

	:param deployment: contract B's word.
	:raises InvalidInput: it is missing, wrong, or given for a deployment that has none.
	"""
	if DEPLOYMENTS[deployment] != ON_DEMAND:
		if host is not None:
			raise InvalidInput(_("host is for the deployment on_demand only. Leave it out."))
	elif host is None:
		raise InvalidInput(_("Parameter {0} is missing.").format("host"))
	elif not re.fullmatch(HOST, host):
		raise InvalidInput(
			_("host must be like acme.ondemand.vertexinc.com or acme.na1.ondemand.vertexinc.com.")
		)


def onboard(merchant: Merchant, account: Account, trusted_id: SecretStr | None) -> Merchant:
	"""Tests a merchant's new credentials and stores them. Commits.

	:raises TooManyRequests: 60 onboardings of this shop within an hour.
	:raises IntegrationError: Vertex did not take them; those that are stored stay.
	:raises Conflict: a later onboarding has begun meanwhile, and its credentials count.
	:raises NotFound: the app was uninstalled meanwhile.
	:raises Busy: see `outgoing.take_room`; nothing was tested.
	"""
	take_room()
	rate_limits.take((ATTEMPTS, merchant.shop or merchant.name))
	found = {"client_secret": account.client_secret}
	if trusted_id:
		found["trusted_id"] = trusted_id
	values = {
		"company_code": account.company_code,
		"division": account.division,
		"department": account.department,
		"deployment": account.deployment.value,
		"host": account.host,
		"client_id": account.client_id,
		"origin": json.dumps(account.origin.model_dump(exclude_none=True)) if account.origin else None,
	}
	return _test(merchant, account, found, values)


def test(merchant: Merchant) -> Merchant:
	"""Tests the credentials that a merchant has stored. Commits.

	:raises RuleViolated: the merchant has no credentials, or no address to ship from.
	:raises IntegrationError: Vertex did not take them.
	:raises Busy: see `outgoing.take_room`; nothing was tested.
	"""
	account = _stored_account(merchant)
	take_room()
	rate_limits.take((ATTEMPTS, merchant.name))
	trusted_id = read_secret(DOCTYPE, merchant.name, "trusted_id")
	found = {"trusted_id": trusted_id} if trusted_id else {}
	return _test(merchant, account, found, {}, keeps_status=False)


def _test(
	merchant: Merchant,
	account: Account,
	found: dict[str, SecretStr],
	values: dict[str, Any],
	*,
	keeps_status: bool = True,
) -> Merchant:
	mark, began = records.begin_onboarding(merchant.name), time.monotonic()
	failure: IntegrationError | None = None
	try:
		token = probe(account)
	except IntegrationError as error:
		failure = error
	volume.count(volume.ONBOARDING, time.monotonic() - began)
	if failure:
		reason = failure_text(failure)
		records.fail_onboarding(
			merchant.name, mark, FAILED, reason, always=not keeps_status and not failure.is_passing
		)
		raise failure
	now = stored_utc_now()
	values = {**values, "tested_at": now, "last_success_at": now}
	if token:
		found["vertex_token"] = token.value
		values["vertex_token_expires_at"] = stored_utc(token.expires_at)
	if not records.end_onboarding(merchant.name, mark, found, values):
		current = records.get(merchant.name)
		if current.is_uninstalled:
			raise NotFound(_("The app is not installed in the shop {0}.").format(merchant.shop))
		raise Conflict(_("A later onboarding of this shop has begun meanwhile. Its credentials count."))
	in_transaction(partial(_after_success, merchant))
	return records.get(merchant.name)


def _after_success(merchant: Merchant) -> None:
	"""Settles the open issues of a merchant and makes its pending documents due, because Vertex answers
	again."""
	reconciliation.release(merchant.name)
	subjects = [name for name in (merchant.shop, merchant.api_username, merchant.company) if name]
	filters = {"integration": INTEGRATION, "related_to": ("in", subjects), "settled_at": ("is", "not set")}
	for name in frappe.get_all("Integration Issue", filters=filters, pluck="name"):
		values = {"settled_at": stored_utc_now(), "open_key": None}
		frappe.db.set_value("Integration Issue", name, values)


def _stored_account(merchant: Merchant) -> Account:
	fields = ("company_code", "division", "department", "deployment", "host", "client_id", "origin")
	row = frappe.db.get_value(DOCTYPE, merchant.name, [*fields, "origin_address"], as_dict=True)
	secret = read_secret(DOCTYPE, merchant.name, "client_secret")
	if not (row.company_code and row.deployment and row.client_id and secret):
		raise RuleViolated(
			_(
				"The merchant has no complete credentials. Enter Company Code, Deployment, Client ID and "
				"Client Secret, then test it again."
			)
		)
	return Account(
		merchant=merchant.name,
		company_code=row.company_code,
		division=row.division or None,
		department=row.department or None,
		deployment=Deployment(row.deployment),
		host=row.host or None,
		client_id=row.client_id,
		client_secret=secret,
		origin=_origin(row),
	)


def _origin(row: Any) -> Location:
	if row.origin:
		return Location(**json.loads(row.origin))
	if row.origin_address:
		return _location_of(row.origin_address)
	raise RuleViolated(
		_("The merchant has no address to ship from. Choose Origin Address, then test it again.")
	)


def _location_of(name: str) -> Location:
	fields = ["address_line1", "city", "state", "pincode", "country"]
	row = frappe.db.get_value("Address", name, fields, as_dict=True)
	code = row and frappe.db.get_value("Country", row.country, "code")
	if not code:
		raise RuleViolated(_("The address {0} has no country. Correct it, then test again.").format(name))
	# As the second contract's addresses: Vertex takes neither longer texts nor a territory as a country.
	content = {
		"streetAddress1": (row.address_line1 or "")[:MAX_STREET],
		"city": row.city,
		"mainDivision": row.state,
		"postalCode": row.pincode,
		"country": code.upper(),
	}
	problem = ""
	try:
		return read_members(Address, content).location()
	except InvalidInput as error:
		problem = str(error)
	raise RuleViolated(
		_("Nothing can ship from the address {0}: {1} Correct it, then test again.").format(name, problem)
	)
