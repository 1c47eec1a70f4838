"""The RPCs of the second contract about merchants: onboarding, credentials, statistics, issues, health.

What fails becomes its Issue object (`contract.envelope`). Each checks in this order: its members (400), the
caller (403), whether the shop is known (404), the rest.
"""

import frappe
from frappe import _

from medgrid.api.paging import DEFAULT_PAGE_LENGTH
from medgrid.api.parameters import DocumentName, Offset, PageLength, Whole
from medgrid.api.vertex.operation import operation
from medgrid.clients.vertex.deployments import Deployment as VertexDeployment
from medgrid.exceptions import InvalidInput, NotFound, NotPermitted, RuleViolated
from medgrid.vertex import health_report, issue_list, volume
from medgrid.vertex.access import identity
from medgrid.vertex.access.callers import Kind, current_caller, read_shop, require, shop_for
from medgrid.vertex.contract.addresses import Address
from medgrid.vertex.contract.parameters import (
	ClientId,
	ClientSecret,
	CompanyCode,
	Deployment,
	Division,
	Host,
	Keyword,
	ShopName,
	TrustedId,
	read_period,
)
from medgrid.vertex.merchants import credentials, onboarding, records
from medgrid.vertex.merchants.accounts import Account
from medgrid.vertex.merchants.fields import DEPLOYMENTS
from medgrid.vertex.merchants.records import Merchant
from medgrid.vertex.settings import identity_server

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

	See docs/api.md, `shopify_onboarding`.
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
	"""Makes or replaces a merchant's Basic credentials. See docs/api.md, `api_credentials`.

	:returns: `shop`, `username`, `password`; this answer is the only one that has the password.
	"""
	named = read_shop(shop)
	merchant = _enabled(records.require(shop_for(current_caller(), named)))
	username, password = credentials.replace(merchant)
	return {"shop": merchant.shop, "username": username, "password": password.get_secret_value()}


# Statistics, issues, health


@operation()
def data_volume(
	keyword: Keyword | None = None,
	limit_start: Offset = 0,
	limit_page_length: PageLength = DEFAULT_PAGE_LENGTH,
) -> list:
	"""Statistics, newest first. `from` and `to` bound their time, too: names that Python does not take for
	parameters. See docs/api.md, "Watching"."""
	since, until = read_period(frappe.local.form_dict)
	require(current_caller(), Kind.ADMINISTRATOR, Kind.CONNECTOR)
	return volume.listed(keyword, since, until, limit_start, limit_page_length)


@operation()
def issues(
	shop: ShopName | None = None,
	status: Whole | None = None,
	open: bool | None = None,
	limit_start: Offset = 0,
	limit_page_length: PageLength = DEFAULT_PAGE_LENGTH,
) -> list:
	"""The stored issues, newest first. Merchants and bearers see their own. See docs/api.md, "Watching"."""
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
	"""Whether the connector works. Sends no request to Vertex or Shopify. See docs/api.md, "Watching"."""
	require(current_caller(), Kind.ADMINISTRATOR)
	return health_report.report()


def _enabled(merchant: Merchant) -> Merchant:
	if not merchant.is_enabled:
		raise NotPermitted(_("The merchant is disabled. An administrator must enable the Vertex Merchant."))
	return merchant
