"""Two jobs may ask about one event at the same time: the scheduler queues a lost job again."""

from collections.abc import Callable
from datetime import timedelta

import frappe
import pytest

from medgrid.core.clock import stored_utc_now
from medgrid.exceptions import Busy
from medgrid.webhooks import events
from medgrid.webhooks.source import Outcome
from medgrid.webhooks.verification import Verification

SOURCE, TOPIC = "shopify", "app/uninstalled"


@pytest.fixture
def waiting(site):
	"""An event that waits for its verification."""
	shop = f"mgt-{frappe.generate_hash(length=8)}.myshopify.com"
	event_id = events.event_id(TOPIC, shop.encode())
	known = events.record(events.Event(SOURCE, event_id, TOPIC, shop, Outcome.TO_BE_VERIFIED))
	frappe.db.commit()
	yield known
	frappe.db.delete(events.DOCTYPE, {"event_id": event_id})
	frappe.db.commit()


def verify(shop: str, ask: Callable[[str], Outcome]) -> None:
	Verification(SOURCE, TOPIC, ask, lambda shop: None, lambda shop, reason: None).verify(shop)


@pytest.mark.parametrize("theirs", [Outcome.IGNORED, Outcome.STALE, None])
def test_the_attempt_that_disconnects_the_shop_decides_whichever_ends_first(waiting, theirs):
	def answer(shop: str) -> Outcome:
		if not theirs:
			raise Busy("no answer")
		return theirs

	def disconnect(shop: str) -> Outcome:
		verify(shop, answer)
		return Outcome.DISCONNECTED

	verify(waiting.shop, disconnect)
	found = events.find(SOURCE, waiting.id)
	assert (found.outcome, found.error) == (Outcome.DISCONNECTED, None)


@pytest.mark.parametrize("ours", [Outcome.IGNORED, Outcome.STALE])
def test_an_attempt_that_ends_later_does_not_take_back_that_it_was_disconnected(waiting, ours):
	def answer(shop: str) -> Outcome:
		verify(shop, lambda _shop: Outcome.DISCONNECTED)
		return ours

	verify(waiting.shop, answer)
	assert events.find(SOURCE, waiting.id).outcome is Outcome.DISCONNECTED


@pytest.mark.parametrize(
	("ours", "expected", "asked"),
	[(Outcome.DISCONNECTED, Outcome.DISCONNECTED, 1), (Outcome.STALE, Outcome.STALE, 2)],
)
def test_what_arrives_again_meanwhile_is_asked_about_again_unless_it_is_done(waiting, ours, expected, asked):
	calls = []

	def ask(shop: str) -> Outcome:
		calls.append(shop)
		if len(calls) > 1:
			return Outcome.STALE
		frappe.db.set_value(events.DOCTYPE, {"event_id": waiting.id}, "received_at", stored_utc_now())
		frappe.db.commit()
		return ours

	verify(waiting.shop, ask)
	assert (events.find(SOURCE, waiting.id).outcome, len(calls)) == (expected, asked)


def test_what_arrives_after_the_answer_is_asked_about_again(waiting):
	calls = []

	def ask(shop: str) -> Outcome:
		calls.append(shop)
		if len(calls) == 1:
			later = stored_utc_now() + timedelta(minutes=1)
			frappe.db.set_value(events.DOCTYPE, {"event_id": waiting.id}, "received_at", later)
			frappe.db.commit()
			return Outcome.DISCONNECTED
		return Outcome.STALE

	verify(waiting.shop, ask)
	assert (events.find(SOURCE, waiting.id).outcome, len(calls)) == (Outcome.STALE, 2)
