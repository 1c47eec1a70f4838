"""/portal/integrations when a sync, or the session it was started from, does not end as it should."""

import pytest
from playwright.sync_api import expect

from tests.portal.test_integrations_page import card_of, status_of
from tests.support.runs import Worker

SIGNED_OUT = "You are not signed in any more. Reload the page to sign in again."
UNREACHABLE = "MedGrid cannot be reached. Check your connection, then try again."


def said_in(card):
	return card.get_by_role("status")


@pytest.fixture
def syncing(visit, connected):
	"""A visitor who came while a sync runs, with `card`, `lease`, `asked`; the clock is the test's."""
	visitor = visit(connected.user, reduced_motion="reduce")
	visitor.lease = Worker(connected.connection())
	visitor.page.clock.install()
	visitor.card = card_of(visitor.open("/portal/integrations"))
	expect(said_in(visitor.card)).to_contain_text("A sync is running.")
	visitor.asked = []
	visitor.page.on(
		"request", lambda request: "list_connections" in request.url and visitor.asked.append(request.url)
	)
	return visitor


def test_a_click_on_sync_while_offline_leaves_the_card_as_it_was(visit, connected):
	visitor = visit(connected.user)
	visitor.expected_errors = ["ERR_INTERNET_DISCONNECTED"]
	card = card_of(visitor.open("/portal/integrations"))
	visitor.context.set_offline(True)
	card.get_by_role("button", name="Sync now").click()
	expect(said_in(card)).to_have_text(UNREACHABLE)
	expect(status_of(card)).to_have_text("Connected")
	expect(card).to_have_attribute("data-status", "connected")
	expect(card.get_by_role("progressbar")).to_be_hidden()
	visitor.context.set_offline(False)


def test_a_click_on_sync_after_the_session_ended_says_so(visit, connected):
	visitor = visit(connected.user)
	visitor.expected_errors = ["status of 40[01]"]
	card = card_of(visitor.open("/portal/integrations"))
	visitor.page.route("**/api/method/**", lambda route: route.fulfill(status=401, json={}))
	card.get_by_role("button", name="Sync now").click()
	expect(said_in(card)).to_have_text(SIGNED_OUT)
	expect(status_of(card)).to_have_text("Connected")


@pytest.mark.parametrize("status", [401, 403])
def test_following_a_sync_stops_with_the_session(syncing, status):
	syncing.expected_errors = [f"status of {status}"]
	page = syncing.page
	page.route("**/*list_connections*", lambda route: route.fulfill(status=status, json={}))
	page.clock.run_for(2_000)
	expect(said_in(syncing.card)).to_have_text(SIGNED_OUT)
	asked = len(syncing.asked)
	page.clock.run_for(60_000)
	page.wait_for_timeout(300)
	assert len(syncing.asked) == asked == 1


def test_following_a_sync_passes_over_a_failure_and_gives_up_after_many(syncing):
	syncing.expected_errors = ["status of 502"]
	page, failing = syncing.page, [True]

	def answer(route):
		route.fulfill(status=502, body="Bad Gateway") if failing[0] else route.continue_()

	page.route("**/*list_connections*", answer)
	with page.expect_response("**/*list_connections*"):
		page.clock.run_for(2_000)
	failing[0] = False
	syncing.lease = syncing.lease.hand_over({"orders_pushed": 7})
	page.clock.run_for(10_000)
	expect(syncing.card.locator('[data-stat="orders_pushed"] dd')).to_have_text("7")
	failing[0] = True
	for _pause in range(10):
		page.clock.run_for(30_000)
		# Real time, for the answer.
		page.wait_for_timeout(300)
	expect(said_in(syncing.card)).to_have_text(
		"Something failed at MedGrid's end. Try again in a few minutes."
	)
	asked = len(syncing.asked)
	page.clock.run_for(300_000)
	assert len(syncing.asked) == asked


def test_disconnecting_during_a_sync_does_not_say_that_it_finished(syncing):
	page, card = syncing.page, syncing.card
	card.get_by_role("button", name="Disconnect").click()
	page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
	expect(said_in(card)).to_have_text("ShipStation is disconnected.")
	asked = len(syncing.asked)
	page.clock.run_for(6_000)
	page.wait_for_timeout(300)
	expect(said_in(card)).to_have_text("ShipStation is disconnected.")
	assert len(syncing.asked) == asked


def test_a_sync_whose_integration_was_disconnected_elsewhere_did_not_finish(syncing, connected):
	connected.caller.post("medgrid.integrations.disconnect", integration_type="shipstation")
	syncing.page.clock.run_for(2_000)
	expect(status_of(syncing.card)).to_have_text("Not connected")
	expect(said_in(syncing.card)).to_have_text("")


def test_an_error_of_the_pages_own_is_not_read_to_the_reader(visit, connected):
	visitor = visit(connected.user)
	visitor.expected_errors = ["TypeError"]
	page = visitor.open("/portal/integrations")
	nothing: dict = {"message": {"integrations": []}}
	page.route("**/*list_connections*", lambda route: route.fulfill(json=nothing))
	card_of(page).get_by_role("button", name="Test connection").click()
	said = "Something went wrong on this page. Reload it, then try again."
	expect(said_in(card_of(page))).to_have_text(said)


def test_a_browser_without_the_newest_signals_is_enough(visit, connected):
	visitor = visit(connected.user)
	visitor.page.add_init_script("delete AbortSignal.any; delete AbortSignal.timeout;")
	card = card_of(visitor.open("/portal/integrations"))
	card.get_by_role("button", name="Test connection").click()
	expect(said_in(card)).to_have_text("The connection works.")
