"""/portal/integrations as a vendor uses it, against the ShipStation simulator."""

import pytest
from playwright.sync_api import expect

from tests.support.records import write_values
from tests.support.runs import Worker
from tests.support.vendors import order
from tests.support.waiting import wait_for_jobs, wait_until_equal


def card_of(page, integration="shipstation"):
	return page.locator(f'[data-integration="{integration}"]')


def status_of(card):
	return card.locator('[data-slot="status"]')


def fill_in_keys(card, key, secret):
	card.get_by_label("API Key").fill(key)
	card.get_by_label("API Secret").fill(secret)
	card.get_by_role("button", name="Connect ShipStation").click()


def test_wrong_keys_are_said_at_the_field_and_right_keys_connect(visit, vendor):
	visitor = visit(vendor.user)
	card = card_of(visitor.open("/portal/integrations"))
	visitor.keep_picture("integrations-not-connected")
	fill_in_keys(card, vendor.api_key, "not-the-secret")
	secret = card.get_by_label("API Secret")
	expect(secret).to_have_attribute("aria-invalid", "true")
	expect(secret).to_have_accessible_description(
		"Invalid API Key or Secret — ShipStation rejected the credentials."
	)
	expect(secret).to_be_focused()
	expect(status_of(card)).to_have_text("Not connected")
	visitor.keep_picture("integrations-wrong-keys")

	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(status_of(card)).to_have_text("Connected")
	expect(card.get_by_role("status")).to_have_text("ShipStation is connected.")
	expect(card.get_by_role("heading", level=2)).to_be_focused()
	expect(card.get_by_label("API Key")).to_be_hidden()
	assert card.get_by_label("API Secret").input_value() == ""
	assert vendor.entry()["status"] == "connected"
	visitor.keep_picture("integrations-connected")


def test_that_shipstation_is_down_is_not_the_fields_fault(visit, vendor):
	vendor.shipstation.fault("status", times=None, path="/accounts/listtags", status=503)
	card = card_of(visit(vendor.user).open("/portal/integrations"))
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(card.get_by_role("status")).to_contain_text("ShipStation")
	expect(card.get_by_role("status")).not_to_have_text("ShipStation is connected.")
	expect(card.get_by_role("status")).to_have_attribute("data-tone", "bad")
	assert card.get_by_label("API Secret").get_attribute("aria-invalid") is None
	expect(status_of(card)).to_have_text("Not connected")


def test_without_our_scripts_no_form_sends_what_was_typed(visit, vendor, sendblue, shopify_app):
	visitor = visit(vendor.user)
	page, sent = visitor.page, []
	page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
	visitor.open("/portal/integrations")

	def note(request):
		if request.is_navigation_request():
			sent.append(request.url)

	page.on("request", note)
	for label in ("API Secret", "Mobile number", "Your store's address"):
		page.get_by_label(label).fill("typed too early")
		page.get_by_label(label).press("Enter")
	expect(page.get_by_role("button", name="Connect ShipStation")).to_be_disabled()
	# Had the button worked, the address would still have held nothing.
	forms = page.locator("form[data-connect]")
	assert set(forms.evaluate_all("(forms) => forms.map((form) => form.method)")) == {"post"}
	assert forms.locator('[type="submit"]:not(:disabled)').count() == 0
	assert sent == [] and page.evaluate("location.search") == ""


def test_an_empty_field_is_said_before_anything_is_sent(visit, vendor):
	page = visit(vendor.user).open("/portal/integrations")
	card = card_of(page)
	card.get_by_label("API Secret").fill("only the secret")
	card.get_by_role("button", name="Connect ShipStation").click()
	expect(card.get_by_label("API Key")).to_be_focused()
	expect(card.locator("#shipstation-api-key-error")).to_have_text("This field is empty.")
	assert vendor.shipstation.received() == []


def test_testing_a_connection_shows_that_it_works_and_why_it_does_not(visit, connected):
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	card.get_by_role("button", name="Test connection").click()
	expect(card.get_by_role("status")).to_have_text("The connection works.")

	connected.shipstation.add_account(connected.api_key, "another-secret")
	card.get_by_role("button", name="Test connection").click()
	expect(status_of(card)).to_have_text("Needs attention")
	trouble = card.locator('[data-slot="trouble"]')
	expect(trouble).to_contain_text("Invalid API Key or Secret")
	expect(trouble).to_contain_text("or connect with new keys below")
	expect(card.get_by_role("button", name="Connect ShipStation")).to_be_visible()
	visitor.keep_picture("integrations-error")

	fill_in_keys(card, connected.api_key, "another-secret")
	expect(status_of(card)).to_have_text("Connected")
	expect(trouble).to_be_hidden()


def test_a_sync_shows_its_progress_and_what_it_did(visit, connected):
	order((connected.item, 2, 10))
	order((connected.item, 1, 10))
	connected.shipstation.fault("slow", path="/accounts/listtags", seconds=4)
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	expect(card.locator('[data-slot="last_sync_at"]')).to_have_text("Never")
	with visitor.page.expect_response(lambda answer: "list_connections" in answer.url) as polled:
		card.get_by_role("button", name="Sync now").click()
		expect(status_of(card)).to_have_text("Syncing")
		expect(card.get_by_role("progressbar")).to_be_visible()
		visitor.keep_picture("integrations-syncing")
	assert polled.value.ok
	expect(card.get_by_role("status")).to_have_text("Sync finished.")
	expect(status_of(card)).to_have_text("Connected")
	expect(card.get_by_role("progressbar")).to_be_hidden()
	expect(card.locator('[data-stat="orders_pushed"] dd')).to_have_text("2")
	visitor.keep_picture("integrations-synced")


def test_a_sync_that_runs_already_is_followed_to_its_end(visit, connected, site):
	lease = Worker(connected.connection())
	visitor = visit(connected.user, reduced_motion="reduce")
	card = card_of(visitor.open("/portal/integrations"))
	expect(status_of(card)).to_have_text("Syncing")
	visitor.keep_picture("integrations-syncing-elsewhere")
	lease = lease.hand_over({"orders_pushed": 7})
	expect(card.locator('[data-stat="orders_pushed"] dd')).to_have_text("7")
	expect(status_of(card)).to_have_text("Syncing")
	lease.finish(error=None, warning=None, done={"orders_pushed": 5})
	expect(status_of(card)).to_have_text("Connected")
	expect(card.locator('[data-stat="orders_pushed"] dd')).to_have_text("12")
	expect(card.get_by_role("status")).to_have_text("Sync finished.")


@pytest.fixture
def counting(visit, connected):
	"""`counting(motion)`: a page during a sync; its clock stands still, `hear` says how far it is."""

	def open_page(motion):
		Worker(connected.connection())
		visitor, held = visit(connected.user, reduced_motion=motion), []
		page, entry = visitor.page, connected.entry()
		page.clock.install()
		page.route("**/*list_connections*", lambda route: held.append(route))
		card = card_of(visitor.open("/portal/integrations"))
		expect(card.get_by_role("status")).to_contain_text("A sync is running.")
		page.clock.pause_at(page.evaluate("Date.now()") + 100)
		visitor.number = card.locator('[data-stat="orders_pushed"] dd')

		def hear(orders):
			while not held:
				page.clock.run_for(500)
				page.wait_for_timeout(50)
			heard = {**entry, "stats": {"orders_pushed": orders}}
			answer = {"integrations": [heard], "user": connected.user.email}
			held.pop().fulfill(json={"message": answer})
			expect(visitor.number).to_have_attribute("data-goal", str(orders))

		visitor.hear = hear
		return visitor

	return open_page


def test_numbers_count_up_to_what_a_sync_has_done(counting):
	visitor = counting("no-preference")
	visitor.hear(40)
	shown = []
	for _step in range(6):
		visitor.page.clock.run_for(100)
		shown.append(int(visitor.number.inner_text()))
	assert shown == sorted(set(shown))
	assert 0 < shown[0] < shown[-1] < 40
	visitor.page.clock.run_for(200)
	expect(visitor.number).to_have_text("40")

	visitor.hear(50)
	visitor.page.clock.run_for(300)
	assert 40 < int(visitor.number.inner_text()) < 50
	visitor.page.clock.run_for(500)
	expect(visitor.number).to_have_text("50")


def test_numbers_do_not_count_up_for_who_wants_no_motion(counting):
	visitor = counting("reduce")
	visitor.hear(40)
	expect(visitor.number).to_have_text("40")


def test_a_click_during_somebody_elses_sync_follows_that_one(visit, connected, site):
	visitor = visit(connected.user)
	visitor.expected_errors = ["status of 409"]
	card = card_of(visitor.open("/portal/integrations"))
	lease = Worker(connected.connection())
	with visitor.page.expect_response(lambda answer: "sync_now" in answer.url) as refused:
		card.get_by_role("button", name="Sync now").click()
	assert refused.value.status == 409
	expect(card.get_by_role("status")).to_contain_text("A sync is running.")
	lease.finish(error=None, warning=None, done={})
	expect(status_of(card)).to_have_text("Connected")


def test_orders_that_could_not_be_sent_are_listed(visit, connected):
	refused = order((connected.item, 1, 10), address=False)
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status")).to_have_text("Part of the sync failed:")
	expect(card.locator('[data-slot="details"] li')).to_contain_text(refused.name)
	for _once_more in ("at once", "when the page is opened again"):
		trouble = card.locator('[data-slot="trouble"]')
		expect(trouble).to_contain_text(refused.name)
		expect(trouble).to_contain_text("Each sync tries again")
		visitor.keep_picture("integrations-partly-failed")
		card = card_of(visitor.open("/portal/integrations"))


def test_a_failed_sync_says_what_to_do(visit, connected):
	connected.shipstation.add_account(connected.api_key, "another secret")
	card = card_of(visit(connected.user).open("/portal/integrations"))
	card.get_by_role("button", name="Sync now").click()
	expect(status_of(card)).to_have_text("Needs attention")
	expect(card.locator('[data-slot="trouble"]')).to_contain_text("Invalid API Key or Secret")
	expect(card.locator('[data-slot="trouble"]')).to_contain_text("connect with new keys below")
	expect(card.get_by_role("status")).to_have_text("The sync failed. The text above says what you can do.")


def test_disconnecting_asks_first(visit, connected):
	visitor = visit(connected.user)
	page = visitor.open("/portal/integrations")
	card, dialog = card_of(page), page.get_by_role("dialog", name="Disconnect ShipStation?")
	card.get_by_role("button", name="Disconnect").click()
	expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
	visitor.keep_picture("integrations-disconnect", whole=False)
	dialog.get_by_role("button", name="Cancel").click()
	expect(dialog).to_be_hidden()
	assert connected.entry()["status"] == "connected"

	card.get_by_role("button", name="Disconnect").click()
	dialog.get_by_role("button", name="Disconnect").click()
	expect(card.get_by_role("status")).to_have_text("ShipStation is disconnected.")
	expect(status_of(card)).to_have_text("Not connected")
	expect(card.get_by_label("API Key")).to_be_visible()
	assert connected.entry()["has_credentials"] is False


@pytest.mark.parametrize(
	("zone", "shown"),
	[("America/New_York", "Jan 15, 2026, 7:30 PM"), ("Asia/Tokyo", "Jan 16, 2026, 9:30 AM")],
)
def test_the_last_sync_is_in_the_readers_own_zone(visit, connected, site, zone, shown):
	# Stored and listed in UTC, shown in the reader's.
	name = connected.connection()
	write_values("Vendor Connection", name, "last_sync_at", "2026-01-16 00:30:00")
	card = card_of(visit(connected.user, timezone_id=zone).open("/portal/integrations"))
	last_sync = card.locator('[data-slot="last_sync_at"] time')
	expect(last_sync).to_have_text(shown.replace(" PM", "\u202fPM").replace(" AM", "\u202fAM"))
	expect(last_sync).to_have_attribute("datetime", "2026-01-16T00:30:00Z")


def test_a_lost_connection_to_medgrid_is_said_in_words_and_can_be_tried_again(visit, connected):
	visitor = visit(connected.user)
	visitor.expected_errors = ["ERR_INTERNET_DISCONNECTED"]
	card = card_of(visitor.open("/portal/integrations"))
	visitor.context.set_offline(True)
	card.get_by_role("button", name="Test connection").click()
	expect(card.get_by_role("status")).to_have_text(
		"MedGrid cannot be reached. Check your connection, then try again."
	)
	visitor.context.set_offline(False)
	card.get_by_role("button", name="Test connection").click()
	expect(card.get_by_role("status")).to_have_text("The connection works.")


def test_everything_can_be_done_with_the_keyboard(visit, vendor):
	visitor = visit(vendor.user)
	page = visitor.open("/portal/integrations")
	card, keyboard = card_of(page), page.keyboard
	# Until the scripts are there the forms do nothing.
	expect(card.get_by_role("button", name="Connect ShipStation")).to_be_enabled()
	keyboard.press("Tab")
	expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
	keyboard.press("Enter")
	expect(page.get_by_role("main")).to_be_focused()
	for text in (vendor.api_key, vendor.api_secret):
		keyboard.press("Tab")
		keyboard.type(text)
	keyboard.press("Enter")
	expect(card.get_by_role("heading", level=2)).to_be_focused()
	expect(status_of(card)).to_have_text("Connected")
	keyboard.press("Tab")
	expect(card.get_by_role("button", name="Sync now")).to_be_focused()
	keyboard.press("Enter")
	expect(card.get_by_role("status")).to_have_text("Sync finished.")
	expect(card.get_by_role("button", name="Sync now")).to_be_focused()
	keyboard.press("Tab")
	keyboard.press("Tab")
	disconnect, dialog = card.get_by_role("button", name="Disconnect"), page.get_by_role("dialog")
	expect(disconnect).to_be_focused()
	keyboard.press("Enter")
	expect(dialog).to_be_visible()
	keyboard.press("Escape")
	expect(dialog).to_be_hidden()
	expect(disconnect).to_be_focused()
	expect(disconnect).not_to_have_attribute("aria-busy", "true")
	keyboard.press("Enter")
	expect(dialog).to_be_visible()
	keyboard.press("Tab")
	expect(dialog.get_by_role("button", name="Disconnect")).to_be_focused()
	keyboard.press("Enter")
	expect(status_of(card)).to_have_text("Not connected")
	expect(card.get_by_role("heading", level=2)).to_be_focused()


def test_a_long_wait_is_explained(visit, connected):
	visitor, held = visit(connected.user), []
	page = visitor.page
	page.clock.install()
	visitor.open("/portal/integrations")
	page.route("**/*test_connection", lambda route: held.append(route))
	card = card_of(page)
	button = card.get_by_role("button", name="Test connection")
	with page.expect_request("**/*test_connection"):
		button.click()
	expect(card.get_by_role("status")).to_have_text("Testing the connection…")
	expect(button).to_have_attribute("aria-busy", "true")
	page.clock.run_for(8_000)
	expect(card.get_by_role("status")).to_have_text("Testing the connection… This takes longer than usual.")
	visitor.keep_picture("integrations-slow")
	held[0].continue_()
	expect(card.get_by_role("status")).to_have_text("The connection works.")
	expect(button).not_to_have_attribute("aria-busy", "true")


def test_a_second_click_while_the_first_is_at_work_does_nothing(visit, connected):
	visitor, held = visit(connected.user), []
	page = visitor.open("/portal/integrations")
	page.route("**/*test_connection", lambda route: held.append(route))
	button = card_of(page).get_by_role("button", name="Test connection")
	for _press in range(3):
		button.press("Enter")
	held[0].continue_()
	expect(card_of(page).get_by_role("status")).to_have_text("The connection works.")
	assert len(held) == 1


def test_a_page_whose_token_is_stale_asks_to_be_reloaded(visit, connected):
	visitor = visit(connected.user)
	visitor.expected_errors = ["status of 400"]
	page = visitor.open("/portal/integrations")
	page.evaluate("""document.querySelector('meta[name="csrf-token"]').content = 'from another session'""")
	card_of(page).get_by_role("button", name="Test connection").click()
	said = card_of(page).get_by_role("status")
	expect(said).to_have_text("This page is out of date. Reload it, then try again.")


def test_coming_back_from_shopify_says_why_it_failed_and_only_once(visit, vendor):
	page = visit(vendor.user).open("/portal/integrations?shopify=error&reason=hmac")
	said = card_of(page, "shopify").get_by_role("status")
	expect(said).to_contain_text("Shopify was not connected: the answer was not signed by Shopify.")
	assert page.evaluate("location.search") == ""
	page.reload()
	expect(said).to_have_text("")


def test_an_address_puts_no_words_into_our_mouth(visit, vendor):
	page = visit(vendor.user).open("/portal/integrations?shopify=error&reason=Call <b>555 0100</b> now")
	said = card_of(page, "shopify").get_by_role("status")
	expect(said).to_contain_text("Shopify was not connected: something failed on the way.")
	assert "555" not in page.get_by_role("main").inner_text().replace("+1 555 123 4567", "")


def test_an_address_alone_convinces_nobody_that_shopify_is_connected(visit, vendor):
	page = visit(vendor.user).open("/portal/integrations?shopify=connected")
	card = card_of(page, "shopify")
	expect(card.get_by_role("status")).to_contain_text("Nothing came back from Shopify.")
	expect(status_of(card)).to_have_text("Not connected")


def test_a_connection_is_paused_and_resumed(visit, connected):
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	card.get_by_role("button", name="Pause").click()
	expect(status_of(card)).to_have_text("Paused")
	expect(card.get_by_role("status")).to_have_text("ShipStation is paused.")
	expect(card.get_by_role("button", name="Resume")).to_be_focused()
	sentence = "has paused this connection: nothing is exchanged until somebody resumes it."
	assert "paused" in connected.entry() and connected.entry()["status"] == "connected"
	for _once_more in ("at once", "when the page is opened again"):
		expect(card.locator('[data-slot="paused"]')).to_have_text(f"{connected.user.email} {sentence}")
		for name in ("Sync now", "Pause", "Connect ShipStation"):
			expect(card.get_by_role("button", name=name)).to_be_hidden()
		expect(status_of(card)).to_have_text("Paused")
		visitor.keep_picture("integrations-paused")
		card = card_of(visitor.open("/portal/integrations"))
	card.get_by_role("button", name="Resume").click()
	expect(card.get_by_role("button", name="Sync now")).to_be_visible()
	expect(card.locator('[data-slot="paused"]')).to_be_hidden()
	assert "paused" not in connected.entry()


def test_the_card_says_which_account_is_connected_and_what_its_last_syncs_did(visit, connected):
	order((connected.item, 1, 10))
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status")).to_have_text("Sync finished.")
	for _once_more in ("at once", "when the page is opened again"):
		expect(card.locator('[data-fact="connected_as"] dd')).to_have_text(f"…{connected.api_key[-4:]}")
		expect(card.locator('[data-fact="connected_by"] dd')).to_have_text(connected.user.email)
		expect(card.locator('[data-fact="connected_at"] time')).not_to_contain_text("UTC")
		card.get_by_text("Last syncs").click()
		expect(card.locator('[data-slot="syncs"] li')).to_contain_text("Orders sent: 1.")
		visitor.keep_picture("integrations-history")
		card = card_of(visitor.open("/portal/integrations"))


def test_each_account_has_a_card_whose_buttons_are_that_accounts(visit, connected):
	connected.shipstation.add_account("key-of-europe", "secret-of-europe")
	assert connected.connect(api_key="key-of-europe", api_secret="secret-of-europe", account="Europe")["ok"]
	page = visit(connected.user).open("/portal/integrations")
	europe = page.get_by_role("article", name="ShipStation · Europe")
	first = page.get_by_role("article", name="ShipStation", exact=True)
	expect(europe.locator('[data-fact="connected_as"] dd')).to_have_text("…rope")
	europe.get_by_role("button", name="Pause").click()
	expect(status_of(europe)).to_have_text("Paused")
	expect(status_of(first)).to_have_text("Connected")
	assert "paused" not in connected.entry()
	europe.get_by_role("button", name="Disconnect").click()
	page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
	expect(status_of(europe)).to_have_text("Not connected")
	assert connected.entry()["status"] == "connected"


def test_connecting_sends_the_orders_that_wait_more_than_25_and_counts_them(visit, vendor):
	for _number in range(27):
		order((vendor.item, 1, 10))
	wait_for_jobs()
	visitor = visit(vendor.user)
	card = card_of(visitor.open("/portal/integrations"))
	expect(card.locator('[data-slot="orders_to_send"]')).to_have_text(
		"Orders that wait for you: 27. MedGrid sends them when you connect."
	)
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(status_of(card)).to_have_text("Syncing")
	for name in ("Sync now", "Test connection"):
		expect(card.get_by_role("button", name=name)).to_have_attribute("aria-disabled", "true")
	expect(card.get_by_role("progressbar")).to_have_attribute("max", "27")
	visitor.keep_picture("integrations-first-sync")
	expect(card.get_by_role("status")).to_have_text("Sync finished.", timeout=60_000)
	expect(card.locator('[data-stat="orders_waiting"] dd')).to_have_text("0")
	expect(card.get_by_role("button", name="Test connection")).not_to_have_attribute("aria-disabled", "true")
	assert len(vendor.remote_orders()) == 27


def test_stop_ends_the_first_sync_and_says_what_is_left(visit, vendor):
	for _number in range(3):
		order((vendor.item, 1, 10))
	wait_for_jobs()
	visitor = visit(vendor.user)
	card = card_of(visitor.open("/portal/integrations"))
	vendor.shipstation.fault("slow", path="/orders/createorder", seconds=3, times=None)
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	stop = card.get_by_role("button", name="Stop")
	expect(stop).to_be_visible()
	wait_until_equal(lambda: vendor.entry()["status"], "syncing")
	stop.click()
	expect(status_of(card)).to_have_text("Paused")
	expect(card.get_by_role("status")).to_contain_text("ShipStation is paused. Orders left: ")
	expect(card.get_by_role("button", name="Resume")).to_be_focused()
	assert len(vendor.remote_orders()) < 3
