"""A merchant's whole life by RPC: installed, onboarded, taxed, uninstalled, installed again."""

from tests.support.connector import CLIENT_ID, issue
from tests.support.http import message


def test_a_merchant_lives(merchant_shop, vertex):
	begun = merchant_shop.begin()
	assert list(begun) == ["shop", "authorizeUrl", "state", "installed"]
	assert (begun["shop"], begun["installed"]) == (merchant_shop.domain, False)
	assert merchant_shop.document() is None

	installed = merchant_shop.install()
	assert installed == {"shop": merchant_shop.domain, "scope": "read_products", "onboarding": "incomplete"}
	refused = issue(merchant_shop.call("shopify_tax_calculate", **merchant_shop.sale()), 400)
	assert refused["detail"] == (
		"Bad request. Unable to process request. Unable to get an access token: onboarding is incomplete."
	)

	onboarded = merchant_shop.onboard()
	assert list(onboarded) == [
		"shop",
		"onboarding",
		"companyCode",
		"deployment",
		"hasCredentials",
		"testedAt",
		"lastError",
	]
	assert (onboarded["onboarding"], onboarded["deployment"]) == ("complete", "cloud")
	assert (onboarded["hasCredentials"], onboarded["lastError"]) == (True, None)

	for _number in range(12):
		taxed = message(merchant_shop.call("shopify_tax_calculate", **merchant_shop.sale()))
		assert (taxed["subTotal"], taxed["totalTax"], taxed["total"]) == (57.0, 5.84, 62.84)
	assert len(vertex.token_requests(CLIENT_ID)) == 1

	renewed = merchant_shop.install()
	assert renewed["onboarding"] == "complete"

	ended = message(merchant_shop.call("app_uninstall", shop=merchant_shop.domain))
	assert ended == {"shop": merchant_shop.domain, "onboarding": "uninstalled"}
	assert message(merchant_shop.call("app_uninstall", shop=merchant_shop.domain)) == ended
	for operation, values in (
		("shopify_tax_calculate", merchant_shop.sale()),
		("api_credentials", {"shop": merchant_shop.domain}),
	):
		issue(merchant_shop.call(operation, **values), 404)
	issue(merchant_shop.onboard_with(), 404)

	name = merchant_shop.document().name
	assert merchant_shop.install()["onboarding"] == "incomplete"
	assert merchant_shop.onboard()["onboarding"] == "complete"
	assert merchant_shop.document().name == name
