"""Two jobs may ask about one event at the same time: the scheduler queues a lost job again."""

from collections.abc import Callable
from datetime import timedelta

import frappe
import pytest

from medgrid.core.clock import stored_utc_now
from medgrid.exceptions import Busy
from medgrid.webhooks import events
from medgrid.webhooks.source import WebhookOutcome
from medgrid.webhooks.verification import WebhookVerification

SOURCE, TOPIC = "shopify", "app/uninstalled"


@pytest.fixture
def waiting(site):
	"""An event that waits for its verification."""
	shop = f"mgt-{frappe.generate_hash(length=8)}.myshopify.com"
	event_id = events.event_id(TOPIC, shop.encode())
	known = events.record(events.Event(SOURCE, event_id, TOPIC, shop, WebhookOutcome.TO_BE_VERIFIED))
	frappe.db.commit()
	yield known
	frappe.db.delete(events.DOCTYPE, {"event_id": event_id})
	frappe.db.commit()


def verify(shop: str, ask: Callable[[str], WebhookOutcome]) -> None:
	WebhookVerification(SOURCE, TOPIC, ask, lambda shop: None, lambda shop, reason: None).verify(shop)


@pytest.mark.parametrize("theirs", [WebhookOutcome.IGNORED, WebhookOutcome.STALE, None])
def test_the_attempt_that_disconnects_the_shop_decides_whichever_ends_first(waiting, theirs):
	def answer(shop: str) -> WebhookOutcome:
		if not theirs:
			raise Busy("no answer")
		return theirs

	def disconnect(shop: str) -> WebhookOutcome:
		verify(shop, answer)
		return WebhookOutcome.DISCONNECTED

	verify(waiting.shop, disconnect)
	found = events.find(SOURCE, waiting.id)
	assert (found.outcome, found.error) == (WebhookOutcome.DISCONNECTED, None)


@pytest.mark.parametrize("ours", [WebhookOutcome.IGNORED, WebhookOutcome.STALE])
def test_an_attempt_that_ends_later_does_not_take_back_that_it_was_disconnected(waiting, ours):
	def answer(shop: str) -> WebhookOutcome:
		verify(shop, lambda _shop: WebhookOutcome.DISCONNECTED)
		return ours

	verify(waiting.shop, answer)
	assert events.find(SOURCE, waiting.id).outcome is WebhookOutcome.DISCONNECTED


@pytest.mark.parametrize(
	("ours", "expected", "asked"),
	[
		(WebhookOutcome.DISCONNECTED, WebhookOutcome.DISCONNECTED, 1),
		(WebhookOutcome.STALE, WebhookOutcome.STALE, 2),
	],
)
def test_what_arrives_again_meanwhile_is_asked_about_again_unless_it_is_done(waiting, ours, expected, asked):
	calls = []

	def ask(shop: str) -> WebhookOutcome:
		calls.append(shop)
		if len(calls) > 1:
			return WebhookOutcome.STALE
		frappe.db.set_value(events.DOCTYPE, {"event_id": waiting.id}, "received_at", stored_utc_now())
		frappe.db.commit()
		return ours

	verify(waiting.shop, ask)
	assert (events.find(SOURCE, waiting.id).outcome, len(calls)) == (expected, asked)


def test_what_arrives_after_the_answer_is_asked_about_again(waiting):
	calls = []

	def ask(shop: str) -> WebhookOutcome:
		calls.append(shop)
		if len(calls) == 1:
			later = stored_utc_now() + timedelta(minutes=1)
			frappe.db.set_value(events.DOCTYPE, {"event_id": waiting.id}, "received_at", later)
			frappe.db.commit()
			return WebhookOutcome.DISCONNECTED
		return WebhookOutcome.STALE

	verify(waiting.shop, ask)
	assert (events.find(SOURCE, waiting.id).outcome, len(calls)) == (WebhookOutcome.STALE, 2)
