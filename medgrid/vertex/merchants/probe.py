"""Tests Vertex credentials that are not stored yet: a token, then a quotation of 1.00.

See docs/api.md, `shopify_onboarding`.
"""

from decimal import Decimal

from medgrid.clients.vertex.access_tokens import AccessToken, UnsharedToken
from medgrid.clients.vertex.wire import Currency, Customer, SaleLine, SaleRequest, Seller
from medgrid.core.clock import utc_now
from medgrid.exceptions import RuleViolated
from medgrid.vertex.merchants.accounts import Account, testing_client

SECONDS = 25
PRICE = Decimal("1.00")


def probe(account: Account) -> AccessToken | None:
	"""Asks Vertex for a token and a quotation.

	:param account: with an origin.
	:returns: the token, which is good for calculations.
	:raises IntegrationError: Vertex refuses the credentials or the request, makes no sense, or is away.
	"""
	store = UnsharedToken()
	with testing_client(account, store, seconds=SECONDS) as client:
		client.calculate(_quotation(account))
	return store.token


def _quotation(account: Account) -> SaleRequest:
	if not account.origin:
		raise RuleViolated("the account has no origin")
	return SaleRequest(
		saleMessageType="QUOTATION",
		documentDate=utc_now().date().isoformat(),
		currency=Currency(isoCurrencyCodeAlpha="USD"),
		seller=Seller(
			company=account.company_code,
			division=account.division,
			department=account.department,
			physicalOrigin=account.origin,
		),
		customer=Customer(destination=account.origin),
		lineItems=[SaleLine(lineItemNumber=1, extendedPrice=PRICE)],
	)
