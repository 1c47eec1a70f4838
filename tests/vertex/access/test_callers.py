"""The four kinds of callers at every operation, for their own shop, another one, and one that is unknown."""

import pytest

from tests.support.connector import issue
from tests.support.http import Caller
from tests.support.people import person
from tests.vertex.operations import CALLS, MAY

KINDS = ("administrator", "connector", "merchant", "bearer", "nobody in particular")
FOR_EVERY_SHOP = ("administrator", "connector")
# Signed by our own tests, so that they get as far as Shopify, which does not know the code; credentials that
# Vertex does not know.
STATUS = {"shopify_token": 401, "tokens": 401, "shopify_onboarding": 401}
WITHOUT_SHOP = ("health", "data_volume")


@pytest.fixture
def two_shops(new_merchant, identity):
	return new_merchant().set_up(), new_merchant().set_up()


@pytest.fixture
def callers(environment, two_shops, manager, connector):
	shop, _other = two_shops
	return {
		"administrator": manager,
		"connector": connector,
		"merchant": shop.merchant(),
		"bearer": shop.bearer(),
		"nobody in particular": Caller(environment, person("mgt.vertex.nobody@example.com", "Customer")),
	}


def test_who_may_call_what(two_shops, callers):
	shop, other = two_shops
	# Uninstalling comes last.
	for operation, call in CALLS.items():
		for kind in KINDS:
			answer = callers[kind].post(f"medgrid.vertex.{operation}", **call(shop))
			if operation not in MAY[kind]:
				assert issue(answer, 403)["title"].startswith("The server understands"), (kind, operation)
				continue
			assert answer.status_code == STATUS.get(operation, 200), (kind, operation, answer.text)
			if operation == "api_credentials":
				# Another caller's password was replaced.
				callers["merchant"] = shop.merchant()
			if operation == "app_uninstall":
				shop.set_up()
				callers["merchant"] = shop.merchant()
	assert other.document().status == "Complete"


def test_nobody_acts_for_another_shop_and_it_does_not_show_whether_it_exists(
	two_shops, callers, new_merchant
):
	_shop, other = two_shops
	unknown = new_merchant()
	for operation in sorted(set(CALLS) - set(WITHOUT_SHOP)):
		for kind in ("merchant", "bearer"):
			answers = [
				issue(callers[kind].post(f"medgrid.vertex.{operation}", **CALLS[operation](each)), 403)
				for each in (other, unknown)
			]
			assert answers[0]["detail"] == answers[1]["detail"], (kind, operation)
	assert other.document().status == "Complete"
	assert unknown.document() is None


@pytest.mark.parametrize("kind", FOR_EVERY_SHOP)
def test_an_unknown_shop_is_404_to_those_who_may_act_for_every_shop(callers, new_merchant, kind):
	unknown = new_merchant()
	for operation in (
		"shopify_onboarding",
		"shopify_tax_calculate",
		"calculate_taxes",
		"api_credentials",
		"issues",
		"app_uninstall",
	):
		answer = callers[kind].post(f"medgrid.vertex.{operation}", **CALLS[operation](unknown))
		assert issue(answer, 404)["relatedTo"] == unknown.domain, operation


def test_a_merchant_and_a_bearer_may_leave_their_shop_out(two_shops, callers):
	shop, _other = two_shops
	for kind in ("merchant", "bearer"):
		sale = shop.sale()
		del sale["shop"]
		assert callers[kind].post("medgrid.vertex.shopify_tax_calculate", **sale).status_code == 200
		answer = callers[kind].get("medgrid.vertex.shopify_onboarding")
		assert answer.json()["message"]["shop"] == shop.domain
	assert "shop" in issue(callers["connector"].get("medgrid.vertex.shopify_onboarding"), 400)["detail"]


def test_members_are_checked_before_the_caller(two_shops, callers):
	_shop, other = two_shops
	for kind in ("merchant", "nobody in particular"):
		issue(callers[kind].post("medgrid.vertex.app_install", shop=other.domain), 400)
		issue(callers[kind].post("medgrid.vertex.api_credentials", shop="not a shop"), 400)


def test_issues_of_one_shop_are_not_anothers(two_shops, callers, vertex):
	shop, other = two_shops
	vertex.fault("status", status=500, path="/vertex-ws/v2/supplies", times=20)
	for each in (shop, other):
		issue(each.call("shopify_tax_calculate", **each.sale()), 503)
	vertex.clear_faults()
	for kind in ("merchant", "bearer"):
		listed = callers[kind].get("medgrid.vertex.issues").json()["message"]
		assert {entry["relatedTo"] for entry in listed} == {shop.domain}
	listed = callers["connector"].get("medgrid.vertex.issues").json()["message"]
	assert {shop.domain, other.domain} <= {entry["relatedTo"] for entry in listed}


def test_a_session_of_an_administrator_may_call_too(environment, manager, complete_shop):
	from tests.support.http import Browser

	browser = Browser(environment, manager.user)
	answer = browser.request("GET", "/api/method/medgrid.vertex.health")
	assert answer.json()["message"]["status"] in ("ok", "attention")
