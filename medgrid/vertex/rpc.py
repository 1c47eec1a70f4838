"""The RPCs of the second contract. What fails becomes its Issue object (`contract.envelope`).

Each checks in this order: its members (400), the caller (403), whether the shop is known (404), the rest.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec

import frappe
from frappe import _
from werkzeug.wrappers import Response

from medgrid.api.endpoint import endpoint
from medgrid.api.html_pages import notice
from medgrid.api.paging import DEFAULT_PAGE_LENGTH
from medgrid.api.parameters import DocumentName, Offset, PageLength
from medgrid.api.responses import JsonObject, answer_webhook, query_string, wants_page
from medgrid.clients.vertex.deployments import Deployment as VertexDeployment
from medgrid.exceptions import (
	Busy,
	InvalidInput,
	MedgridError,
	NotFound,
	NotPermitted,
	RuleViolated,
	ServiceFailed,
)
from medgrid.http_client.errors import IntegrationError
from medgrid.http_client.json_reader import JsonLimits
from medgrid.issues.records import settle_issue
from medgrid.services.callers import count_call
from medgrid.vertex import health_report, issue_list, volume
from medgrid.vertex.access import identity
from medgrid.vertex.access.callers import (
	Caller,
	Kind,
	current_caller,
	read_shop,
	require,
	require_accountant,
	require_person,
	shop_for,
)
from medgrid.vertex.booking import retrying
from medgrid.vertex.calculation.calculate import Calculating, read_request
from medgrid.vertex.contract.addresses import Address
from medgrid.vertex.contract.envelope import related_to_of, subject_of
from medgrid.vertex.contract.operations import OPERATIONS
from medgrid.vertex.contract.parameters import (
	Booked,
	ClientId,
	ClientSecret,
	Code,
	CompanyCode,
	Deployment,
	Division,
	Hmac,
	Host,
	Keyword,
	Parameter,
	RequestData,
	ShopName,
	Taxed,
	TrustedId,
	read_period,
)
from medgrid.vertex.documents import on_request, submitting
from medgrid.vertex.merchants import credentials, install, onboarding, records, uninstall, webhook
from medgrid.vertex.merchants.accounts import Account, Stopwatch, account_of_shop
from medgrid.vertex.merchants.fields import DEPLOYMENTS
from medgrid.vertex.merchants.records import Merchant
from medgrid.vertex.settings import identity_server

Parameters = ParamSpec("Parameters")

KB = 1024
LIMITS = JsonLimits(max_depth=20, max_elements=20_000)
# 1,000 lines with an address each, and their names.
TAX_LIMITS = JsonLimits(max_depth=20, max_elements=60_000)
PUBLIC_CALLS_PER_MINUTE = 300
COOKIE = "medgrid_vertex_state"
COOKIE_LIFE = timedelta(minutes=10)
EVERY_SHOP = (Kind.ADMINISTRATOR, Kind.CONNECTOR)
NOT_MERCHANTS = (*EVERY_SHOP, Kind.BEARER)


def operation(
	*, max_kilobytes: int = 64, limits: JsonLimits = LIMITS, signed_body: bool = False
) -> Callable[[Callable[Parameters, Any]], Callable]:
	"""Declares an operation of the second contract. Its verbs, and whether it is public, are in OPERATIONS.

	A success settles the issue that the same operation has opened for the same shop.

	:param max_kilobytes: of the body.
	:param limits: of its JSON.
	:param signed_body: see `endpoint`.
	"""

	def declare(function: Callable[Parameters, Any]) -> Callable:
		declared = OPERATIONS[function.__name__]

		@wraps(function)
		def work(*arguments: Parameters.args, **options: Parameters.kwargs) -> Any:
			failure: MedgridError | None = None
			try:
				result = function(*arguments, **options)
			except (IntegrationError, Busy) as error:
				failure = error
			if failure:
				# Not as it is: Frappe would log the request, with the addresses in it.
				raise ServiceFailed(failure)
			if frappe.request.method == "POST" and not declared.is_public:
				settle_issue(subject_of(declared, related_to_of(frappe.local.form_dict)))
			return result

		return endpoint(
			*declared.verbs,
			allow_guest=declared.is_public,
			max_body_bytes=max_kilobytes * KB,
			limits=limits,
			signed_body=signed_body,
		)(work)

	return declare


# Installing


@operation()
def app_install(hmac: Hmac, requestData: RequestData, shop: ShopName) -> dict:
	"""Begins an installation, for the front end of the Shopify app. Design (Vertex): section 2.3.

	:param hmac: the signature in the query string with which Shopify opened the app's page.
	:param requestData: the rest of that query string, raw.
	:returns: `shop`, `authorizeUrl`, `state`, `installed`.
	"""
	domain = _named_shop(shop)
	install.check_names_shop(requestData, domain)
	_caller_for(domain, NOT_MERCHANTS)
	install.check_signature(requestData, hmac)
	begun = install.begin(domain)
	return {
		"shop": begun.shop,
		"authorizeUrl": begun.authorize_url,
		"state": begun.state,
		"installed": begun.is_installed,
	}


@operation()
def app_open() -> Response:
	"""The App URL of the Shopify app: the same for a browser. Redirects to Shopify's page of approval."""
	count_call("vertex_public", PUBLIC_CALLS_PER_MINUTE)
	query = query_string()
	redirect = install.read_callback(query)
	install.check_own_signature(query)
	begun = install.begin(redirect.shop, begun_by=install.BROWSER)
	response = Response(status=302, headers={"Location": begun.authorize_url, "Cache-Control": "no-store"})
	response.set_cookie(
		COOKIE,
		install.state_hash(begun.state),
		max_age=COOKIE_LIFE,
		httponly=True,
		secure=frappe.request.scheme == "https",
		samesite="Lax",
		path="/api/method/",
	)
	return response


def _exchange(
	code: str,
	hmac: str,
	shop: str,
	host: str | None,
	state: str | None,
	timestamp: str | None,
	request_data: str | None,
) -> dict:
	given = {"code": code, "host": host, "shop": shop, "state": state, "timestamp": timestamp}
	members = {name: value for name, value in given.items() if value is not None}
	_named_shop(shop)
	redirect = install.read_redirect(members, request_data)
	_caller_for(redirect.shop, NOT_MERCHANTS)
	install.check_signature(install.signed_text(members) if request_data is None else request_data, hmac)
	if redirect.state is not None:
		install.use_state(redirect)
	return _installed(install.finish(redirect))


@operation()
def shopify_token(
	code: Code,
	hmac: Hmac,
	shop: ShopName,
	host: Parameter | None = None,
	state: Parameter | None = None,
	timestamp: Parameter | None = None,
	requestData: RequestData | None = None,
) -> dict:
	"""Finishes an installation: exchanges the code of Shopify's redirect. Design (Vertex): section 2.4.

	:returns: `shop`, `scope`, `onboarding`; never a token.
	"""
	return _exchange(code, hmac, shop, host, state, timestamp, requestData)


@operation()
def tokens(
	code: Code,
	hmac: Hmac,
	shop: ShopName,
	host: Parameter | None = None,
	state: Parameter | None = None,
	timestamp: Parameter | None = None,
	requestData: RequestData | None = None,
) -> dict:
	"""The same as `shopify_token`."""
	return _exchange(code, hmac, shop, host, state, timestamp, requestData)


@operation()
def app_callback() -> dict | Response:
	"""The redirect URL of the Shopify app: finishes an installation in the merchant's browser."""
	count_call("vertex_public", PUBLIC_CALLS_PER_MINUTE)
	query, is_browser = query_string(), wants_page()
	redirect = install.read_callback(query)
	install.check_own_signature(query)
	install.use_state(redirect, cookie=frappe.request.cookies.get(COOKIE), is_browser=is_browser)
	merchant = install.finish(redirect)
	if is_browser:
		return notice(
			_("The app is installed"),
			_("{0} is connected. Onboarding at Vertex comes next.").format(merchant.shop),
			200,
		)
	return _installed(merchant)


def _installed(merchant: Merchant) -> dict:
	scope = frappe.db.get_value("Vertex Merchant", merchant.name, "scopes") or ""
	return {"shop": merchant.shop, "scope": scope, "onboarding": merchant.status.lower()}


# Uninstalling


@operation()
def app_uninstall(
	shop: ShopName | None = None, hmac: Hmac | None = None, requestData: RequestData | None = None
) -> dict:
	"""Ends an installation. Design (Vertex): section 2.7.

	:param hmac: with `requestData`: both are verified then, as in `app_install`.
	:returns: `shop`, `onboarding` ("uninstalled").
	"""
	named = read_shop(shop)
	is_signed = hmac is not None or requestData is not None
	if is_signed:
		install.check_names_shop(requestData or "", named or "")
	domain = shop_for(current_caller(), named)
	merchant = records.require(domain, installed=False)
	if is_signed:
		install.check_signature(requestData or "", hmac or "")
	uninstall.uninstall(merchant)
	return {"shop": domain, "onboarding": "uninstalled"}


@operation(max_kilobytes=webhook.WEBHOOKS.max_bytes // KB, signed_body=True)
def app_webhook() -> dict | None:
	"""Receives the webhooks of the Shopify app: app/uninstalled and the three that Shopify demands.

	:returns: `status`, `topic`.
	"""
	return answer_webhook(webhook.WEBHOOKS)


# Onboarding


@operation()
def shopify_onboarding(
	shop: ShopName | None = None,
	companyCode: CompanyCode | None = None,
	clientId: ClientId | None = None,
	clientSecret: ClientSecret | None = None,
	origin: Address | None = None,
	trustedId: TrustedId | None = None,
	deployment: Deployment = "cloud",
	host: Host | None = None,
	division: Division | None = None,
	department: Division | None = None,
) -> dict:
	"""Tests and stores a merchant's Vertex credentials (POST), or says how far the onboarding is (GET).

	Design (Vertex): section 2.5.
	"""
	named = read_shop(shop)
	if frappe.request.method != "POST":
		return _enabled(records.require(shop_for(current_caller(), named), installed=False)).describe()
	if companyCode is None or clientId is None or clientSecret is None or origin is None:
		given = {
			"companyCode": companyCode,
			"clientId": clientId,
			"clientSecret": clientSecret,
			"origin": origin,
		}
		missing = next(name for name, value in given.items() if value is None)
		raise InvalidInput(_("Parameter {0} is missing.").format(missing))
	onboarding.check_host(deployment, host)
	merchant = _enabled(records.require(shop_for(current_caller(), named)))
	account = Account(
		merchant=merchant.name,
		company_code=companyCode,
		division=division,
		department=department,
		deployment=VertexDeployment(DEPLOYMENTS[deployment]),
		host=host,
		client_id=clientId,
		client_secret=clientSecret,
		origin=origin.location(),
	)
	return onboarding.onboard(merchant, account, trustedId).describe()


@operation()
def test_merchant(merchant: DocumentName) -> dict:
	"""Tests the credentials that a Vertex Merchant has stored, for its form in Desk.

	:param merchant: the document's name.
	:returns: what `shopify_onboarding` returns, with `company` instead of `shop`.
	"""
	require(current_caller(), Kind.ADMINISTRATOR)
	tested = onboarding.test(records.get(merchant))
	described = tested.describe()
	shop = described.pop("shop")
	return {"company": tested.company or shop, **described}


@operation()
def test_identity() -> dict:
	"""Tests whether MedGrid can check the tokens of the identity server, for the form of Vertex Settings.

	:returns: `issuer`, `audience`, `keys` (how many of its public keys can sign; null with a secret).
	"""
	require(current_caller(), Kind.ADMINISTRATOR)
	if (server := identity_server()) is None:
		raise RuleViolated(
			_(
				"No bearer token is accepted. An administrator must enter Issuer, Audience, and either Key "
				"Set URL or Secret in Vertex Settings."
			)
		)
	keys = None if server.secret else identity.test(server)
	if keys == 0:
		raise RuleViolated(
			_(
				"The key set has no public key for RS256 or ES256. An administrator must correct Key Set URL "
				"in Vertex Settings."
			)
		)
	return {"issuer": server.issuer, "audience": server.audience, "keys": keys}


@operation()
def api_credentials(shop: ShopName | None = None) -> dict:
	"""Makes or replaces a merchant's Basic credentials. Design (Vertex): section 2.8.

	:returns: `shop`, `username`, `password`; this answer is the only one that has the password.
	"""
	named = read_shop(shop)
	merchant = _enabled(records.require(shop_for(current_caller(), named)))
	username, password = credentials.replace(merchant)
	return {"shop": merchant.shop, "username": username, "password": password.get_secret_value()}


# Taxes


def _calculate() -> JsonObject:
	body = {name: value for name, value in frappe.local.form_dict.items() if name != "cmd"}
	written = body.pop("shop", None)
	named = read_shop(written if written is None or isinstance(written, str) else "")
	request = read_request(body)
	domain = shop_for(current_caller(), named)
	stopwatch = Stopwatch()
	try:
		return JsonObject(Calculating(account_of_shop(domain), request, stopwatch).answer().encoded())
	finally:
		volume.count(volume.INVOICE if request.is_invoice else volume.QUOTATION, stopwatch.seconds)


@operation(max_kilobytes=1024, limits=TAX_LIMITS)
def shopify_tax_calculate() -> JsonObject:
	"""Calculates the taxes of a sale at Vertex; an INVOICE is booked there, once.

	Design (Vertex): section 2.6.
	"""
	return _calculate()


@operation(max_kilobytes=1024, limits=TAX_LIMITS)
def calculate_taxes() -> JsonObject:
	"""The same as `shopify_tax_calculate`."""
	return _calculate()


@operation()
def quote_document(doctype: Taxed, name: DocumentName) -> dict:
	"""Asks Vertex anew about a draft, and saves it. Design (Vertex): section 2.10.

	:returns: `doctype`, `name`, `totalTax` in the document's currency, `status`: `Quoted`, or `Out of Date`
		if Vertex could not be asked.
	"""
	require_person()
	document = on_request.quote(doctype, name)
	total, status = document.vertex_total_tax or 0, document.vertex_status
	return {"doctype": doctype, "name": document.name, "totalTax": total, "status": status}


@operation()
def retry_document(doctype: Booked, name: DocumentName) -> dict:
	"""Sends the booking of a document again that waits or that Vertex refused. Design (Vertex): section 2.10.

	:param doctype: the document's, or Vertex Tax Document.
	:returns: `name` and `status` of the Vertex Tax Document.
	"""
	require_accountant()
	booking, status = retrying.retry(doctype, name, submitting.renew)
	return {"name": booking, "status": status}


# Statistics, issues, health


@operation()
def data_volume(
	keyword: Keyword | None = None,
	limit_start: Offset = 0,
	limit_page_length: PageLength = DEFAULT_PAGE_LENGTH,
) -> list:
	"""Statistics, newest first. `from` and `to` bound their time, too: names that Python does not take for
	parameters. Design (Vertex): section 2.9."""
	since, until = read_period(frappe.local.form_dict)
	require(current_caller(), *EVERY_SHOP)
	return volume.listed(keyword, since, until, limit_start, limit_page_length)


@operation()
def issues(
	shop: ShopName | None = None,
	status: int | None = None,
	open: bool | None = None,
	limit_start: Offset = 0,
	limit_page_length: PageLength = DEFAULT_PAGE_LENGTH,
) -> list:
	"""The stored issues, newest first. Merchants and bearers see their own. Design (Vertex): section 2.9."""
	named, caller = read_shop(shop), current_caller()
	subjects = None
	if named or caller.shop:
		domain = shop_for(caller, named)
		merchant = records.find(domain)
		# An installation that fails has issues, and leaves no merchant.
		if not merchant and not issue_list.listed([domain], None, None, 0, 1):
			raise NotFound(_("There is no shop {0}.").format(domain))
		username = merchant.api_username if merchant else None
		subjects = [domain, *([username] if username else [])]
	return issue_list.listed(subjects, status, open, limit_start, limit_page_length)


@operation()
def health() -> dict:
	"""Whether the connector works. Asks nobody outside. Design (Vertex): section 2.9."""
	require(current_caller(), Kind.ADMINISTRATOR)
	return health_report.report()


# Checks that several operations share


def _named_shop(written: str) -> str:
	shop = read_shop(written)
	assert shop
	return shop


def _caller_for(shop: str, kinds: tuple[Kind, ...]) -> Caller:
	caller = current_caller()
	require(caller, *kinds)
	shop_for(caller, shop)
	return caller


def _enabled(merchant: Merchant) -> Merchant:
	if not merchant.is_enabled:
		raise NotPermitted(_("The merchant is disabled. An administrator must enable the Vertex Merchant."))
	return merchant
