"""Integration Event: recording, and how long events are kept."""

from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now
from rq.timeouts import JobTimeoutException

from medgrid.webhooks import events
from medgrid.webhooks.events import AlreadyProcessed, Event
from medgrid.webhooks.source import WebhookOutcome

SETTINGS = "Medgrid Settings"


def event(outcome: WebhookOutcome = WebhookOutcome.UPDATED, source: str = "exoceuticals", **values) -> Event:
	event_id = events.event_id("orders/updated", frappe.generate_hash().encode())
	return Event(
		**{"source": source, "id": event_id, "topic": "orders/updated", "shop": "", **values}, outcome=outcome
	)


def again(known: Event, outcome: WebhookOutcome) -> Event:
	return Event(known.source, known.id, known.topic, known.shop, outcome)


def stored(known: Event) -> Any:
	return frappe.db.get_value(events.DOCTYPE, {"event_id": known.id}, ["*"], as_dict=True)


def test_a_repetition_of_what_was_processed_is_refused_and_carries_the_record(site):
	first = events.record(event(order_id="gid://shopify/Order/1", sales_order=None))
	with pytest.raises(AlreadyProcessed) as raised:
		events.record(again(first, WebhookOutcome.UNCHANGED))
	assert raised.value.event == first


def test_a_repetition_of_what_was_not_processed_replaces_the_record(site):
	first = events.record(event(WebhookOutcome.FAILED, error="id: missing"))
	events.record(again(first, WebhookOutcome.UPDATED))
	assert (stored(first).outcome, stored(first).error) == ("Updated", None)


def test_what_is_always_carried_out_replaces_the_record_unless_nothing_was_left_to_do(site):
	first = events.record(event(WebhookOutcome.DISCONNECTED))
	assert events.record(again(first, WebhookOutcome.IGNORED), always=True) == first
	assert stored(first).outcome == "Disconnected"
	frappe.db.set_value(events.DOCTYPE, stored(first).name, "received_at", "2026-01-01 00:00:00")
	events.record(again(first, WebhookOutcome.DISCONNECTED), always=True)
	assert str(stored(first).received_at) > "2026-01-02"


def test_the_same_body_of_two_sources_or_topics_is_two_events(site):
	assert events.event_id("a", b"x") != events.event_id("b", b"x")
	first = events.record(event())
	events.record(Event("shopify", first.id, first.topic, first.shop, WebhookOutcome.UPDATED))
	assert frappe.db.count(events.DOCTYPE, {"event_id": first.id}) == 2


def test_release_0_1_knew_webhooks_without_an_id_by_the_same_digest():
	"""So its records make them count once, too."""
	assert events.event_id("orders/updated", b"{}") == (
		"afa44696845286a29dc53629d82eb3e436b1f64073b9109427f0ec473f48e2a4"
	)


def test_only_a_duplicate_entry_means_that_it_is_recorded_already(site, monkeypatch):
	"""Whatever else goes wrong meanwhile comes through as it is, a job's time-out without words for one."""
	first = events.record(event())
	not_null = site.db._conn.IntegrityError(1048, "Column 'name' cannot be null")
	for failure in (not_null, JobTimeoutException(), ValueError(1062, "Duplicate entry")):

		def fail(*_arguments, failure=failure):
			raise failure

		with monkeypatch.context() as patched, pytest.raises(type(failure)) as raised:
			patched.setattr(site.db, "sql", fail)
			events.record(first)
		assert raised.value is failure


# how long


@pytest.fixture
def aged(site):
	"""Events of all sources, by their age in days; committed."""
	frappe.db.delete(events.DOCTYPE)
	for source in ("exoceuticals", "shopify", "sendblue"):
		for days in (10, 89, 91):
			recorded = events.record(event(source=source))
			moment = add_to_date(now(), days=-days)
			frappe.db.set_value(events.DOCTYPE, {"event_id": recorded.id}, "received_at", moment)
	frappe.db.commit()
	yield
	frappe.db.set_single_value(SETTINGS, "event_days", 90)
	frappe.db.delete(events.DOCTYPE)
	frappe.db.commit()


@pytest.mark.parametrize(("setting", "kept"), [(90, 6), (30, 3), (None, 6), (400, 9), (0, 9)])
def test_old_events_of_all_sources_are_pruned(aged, setting, kept):
	frappe.db.set_single_value(SETTINGS, "event_days", setting)
	frappe.db.commit()
	assert events.prune() == 9 - kept
	assert frappe.db.count(events.DOCTYPE) == kept
	assert events.prune() == 0


def test_release_0_1s_address_of_the_job_prunes_too(aged):
	assert frappe.get_attr("medgrid.exoceuticals.events.prune")() == 3


def test_pruning_reads_along_the_index_and_in_chunks(site):
	frappe.db.delete(events.DOCTYPE)
	for _number in range(1500):
		recorded = events.record(event())
	frappe.db.sql(f"update `tab{events.DOCTYPE}` set received_at = '2020-01-01'")
	recorded = events.record(event())
	frappe.db.commit()
	assert events.prune() == 1500
	assert frappe.get_all(events.DOCTYPE, pluck="event_id") == [recorded.id]


@pytest.mark.parametrize("days", [1, 6])
def test_events_cannot_be_kept_for_less_than_a_week(site, days):
	settings = frappe.get_doc(SETTINGS)
	settings.event_days = days
	with pytest.raises(frappe.ValidationError, match="at least 7 days"):
		settings.save()
