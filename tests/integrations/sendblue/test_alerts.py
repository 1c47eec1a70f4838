"""A vendor is texted once when an integration of theirs stops working, and never at the sync's cost."""

import time
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from medgrid.integrations.connections.issues import note_state
from tests.support import people
from tests.support.http import message
from tests.support.records import write_values
from tests.support.runs import Worker, kill
from tests.support.sendblue import SECRET_KEY, alerts, configure, connect, entry
from tests.support.waiting import wait_for_jobs


@pytest.fixture
def phoned(connected, sendblue):
	"""A vendor with a working ShipStation and a verified phone."""
	connect(connected, sendblue)
	wait_for_jobs()
	return connected


def breaks(vendor) -> None:
	"""The vendor's ShipStation does not take the key any more."""
	vendor.shipstation.add_account(vendor.api_key, "rotated")


def mends(vendor) -> None:
	vendor.shipstation.add_account(vendor.api_key, vendor.api_secret)


def retest(vendor) -> dict:
	return message(vendor.caller.post("medgrid.integrations.test_connection", integration_type="shipstation"))


def fail(vendor) -> None:
	assert vendor.sync()["ok"] is False


def test_a_sync_that_fails_texts_the_vendor_what_to_do(phoned, sendblue):
	breaks(phoned)
	fail(phoned)
	[text] = alerts(sendblue)
	assert text.startswith("MedGrid: your ShipStation integration stopped working. Sign in at http")
	assert "/portal/integrations to see why, then test or reconnect it. Reply STOP" in text
	for secret in (phoned.api_key, phoned.api_secret, SECRET_KEY, phoned.user.email):
		assert secret not in text


def test_syncs_that_go_on_failing_are_one_incident(phoned, sendblue):
	breaks(phoned)
	for _hour in range(3):
		fail(phoned)
		assert len(alerts(sendblue)) == 1
	assert retest(phoned)["ok"] is False
	assert len(alerts(sendblue)) == 1


@pytest.mark.parametrize("mended_by", ["sync", "test", "reconnecting"])
def test_a_failure_after_it_worked_again_is_a_new_incident(phoned, sendblue, mended_by):
	breaks(phoned)
	fail(phoned)
	assert len(alerts(sendblue)) == 1
	mends(phoned)
	if mended_by == "sync":
		phoned.stats()
	elif mended_by == "test":
		assert retest(phoned)["ok"] is True
	else:
		assert phoned.connect()["ok"] is True
	assert len(alerts(sendblue)) == 1
	breaks(phoned)
	fail(phoned)
	assert len(alerts(sendblue)) == 2


def test_a_test_that_fails_texts_the_vendor_too(phoned, sendblue):
	breaks(phoned)
	assert retest(phoned)["ok"] is False
	assert len(alerts(sendblue)) == 1


def test_failures_at_once_are_one_text(phoned, sendblue):
	breaks(phoned)
	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(lambda _click: retest(phoned), range(4)))
	assert not any(answer["ok"] for answer in answers)
	assert len(alerts(sendblue)) == 1


def test_the_hourly_job_texts_as_well(phoned, sendblue):
	from medgrid.integrations import jobs

	breaks(phoned)
	jobs.sync_connection(phoned.connection())
	assert len(alerts(sendblue)) == 1


# What passes by itself


def is_down(vendor, **fault) -> None:
	vendor.shipstation.fault("status", times=None, path="/accounts/listtags", **(fault or {"status": 503}))


@pytest.mark.parametrize("status", [402, 403, 500, 503])
def test_a_lost_minute_texts_nobody_and_the_third_failure_in_a_row_does(phoned, sendblue, status):
	is_down(phoned, status=status)
	for _failure in range(2):
		fail(phoned)
		assert alerts(sendblue) == []
	fail(phoned)
	assert len(alerts(sendblue)) == 1
	fail(phoned)
	assert len(alerts(sendblue)) == 1


@pytest.mark.parametrize(
	("status", "sentence"),
	[(503, "You do not have to do anything: your keys stay valid"), (402, "then test or reconnect it")],
)
def test_the_message_fits_the_failure(phoned, sendblue, status, sentence):
	is_down(phoned, status=status)
	for _failure in range(3):
		fail(phoned)
	[text] = alerts(sendblue)
	assert sentence in text
	assert "/portal/integrations" in text and "Reply STOP" in text


def test_a_success_between_two_failures_begins_the_count_anew(phoned, sendblue):
	for _outage in range(2):
		is_down(phoned)
		for _failure in range(2):
			fail(phoned)
		phoned.shipstation.clear_faults()
		phoned.stats()
	assert alerts(sendblue) == []


def test_fifteen_minutes_of_failing_are_enough(phoned, sendblue):
	is_down(phoned)
	fail(phoned)
	issue = {"reference_name": phoned.connection(), "open_key": ("is", "set")}
	began = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=-16)
	write_values("Integration Issue", issue, "creation", began)
	fail(phoned)
	assert len(alerts(sendblue)) == 1


def test_rejected_keys_do_not_wait_for_an_outage_to_be_long(phoned, sendblue):
	is_down(phoned)
	fail(phoned)
	phoned.shipstation.clear_faults()
	breaks(phoned)
	fail(phoned)
	assert len(alerts(sendblue)) == 1


def test_a_working_sync_texts_nobody(phoned, sendblue):
	phoned.stats()
	assert alerts(sendblue) == []


def test_orders_that_cannot_be_sent_are_no_incident(phoned, sendblue):
	from tests.support.vendors import order

	order((phoned.item, 1, 10), address=False)
	assert phoned.stats()["push_errors"]
	assert alerts(sendblue) == []


def test_a_vendor_without_a_phone_is_texted_nowhere_and_syncs_all_the_same(connected, sendblue):
	breaks(connected)
	fail(connected)
	assert alerts(sendblue) == []
	assert sendblue.received() == []


def test_another_vendor_is_not_texted(phoned, other_vendor, sendblue):
	other_vendor.connect()
	connect(other_vendor, sendblue, "+13125550142")
	breaks(phoned)
	fail(phoned)
	assert len(alerts(sendblue)) == 1
	assert alerts(sendblue, "+13125550142") == []


def test_a_disconnected_phone_is_not_texted(phoned, sendblue):
	message(phoned.caller.post("medgrid.integrations.disconnect", integration_type="sendblue"))
	breaks(phoned)
	fail(phoned)
	assert alerts(sendblue) == []


def test_a_user_who_may_not_sign_in_any_more_is_not_texted(phoned, sendblue):
	from medgrid.integrations import jobs

	breaks(phoned)
	people.change(phoned.user.email, enabled=0)
	try:
		jobs.sync_connection(phoned.connection())
		assert alerts(sendblue) == []
	finally:
		people.change(phoned.user.email, enabled=1)


# Sendblue's own bad days


def test_a_sync_does_not_wait_for_sendblue(phoned, sendblue):
	breaks(phoned)
	sendblue.fault("slow", seconds=5)
	started = time.monotonic()
	fail(phoned)
	assert time.monotonic() - started < 4
	assert len(alerts(sendblue)) == 1


def test_an_alert_whose_answer_is_lost_is_not_sent_twice(phoned, sendblue):
	breaks(phoned)
	sendblue.fault("drop_after")
	for _hour in range(2):
		fail(phoned)
		assert len(alerts(sendblue)) == 1
	assert entry(phoned)["status"] == "error"
	assert "did not say whether" in entry(phoned)["last_error"]


def test_an_alert_that_was_not_sent_is_sent_with_the_next_failure(phoned, sendblue):
	breaks(phoned)
	sendblue.fault("status", status=402)
	fail(phoned)
	assert alerts(sendblue) == []
	assert "not paid for" in entry(phoned)["last_error"]
	for _hour in range(2):
		fail(phoned)
		assert len(alerts(sendblue)) == 1
	assert entry(phoned)["last_error"] is None


def test_a_phone_that_sendblue_refuses_is_not_tried_with_every_failing_sync(phoned, sendblue):
	breaks(phoned)
	sendblue.fault("status", status=400)
	for _hour in range(2):
		fail(phoned)
		assert alerts(sendblue) == []
	assert "does not send to this number" in entry(phoned)["last_error"]


def test_a_phone_gets_six_alerts_a_day(phoned, sendblue):
	from medgrid.integrations.sendblue import recipients
	from medgrid.integrations.sendblue.alerts import PER_PHONE, send_alert

	name = phoned.connection()
	for _incident in range(8):
		note_state(name, None)
		note_state(name, "ShipStation is away.")
		frappe.db.after_commit.reset()
		frappe.db.commit()
		send_alert(name)
	assert recipients.of_user(phoned.user.email)
	assert len(alerts(sendblue)) == PER_PHONE.times == 6


def test_an_alert_is_in_the_vendors_language(phoned, sendblue, monkeypatch):
	from medgrid.integrations.sendblue import alerts as job
	from medgrid.integrations.sendblue import messages

	spoken = []

	def alert(label):
		spoken.append(frappe.local.lang)
		return label

	monkeypatch.setattr(messages, "alert", alert)
	name = phoned.connection()
	people.change(phoned.user.email, language="es")
	note_state(name, "ShipStation is away.")
	frappe.db.after_commit.reset()
	frappe.db.commit()
	before = frappe.local.lang
	try:
		job.send_alert(name)
	finally:
		people.change(phoned.user.email, language=None)
	assert (spoken, frappe.local.lang) == (["es"], before)


def test_a_sync_whose_worker_died_for_the_third_time_is_an_incident_when_it_is_taken_over(phoned, sendblue):
	for deaths in range(1, 4):
		Worker(phoned.connection())
		kill("shipstation", phoned.connection())
		assert len(alerts(sendblue)) == 0, deaths
	Worker(phoned.connection())
	assert len(alerts(sendblue)) == 1


def test_without_settings_syncs_go_on_and_the_hub_says_why_no_text_came(phoned, sendblue):
	configure(sendblue_api_secret_key="")
	breaks(phoned)
	fail(phoned)
	assert phoned.entry()["status"] == "error"
	wait_for_jobs()
	assert "Text messages are not set up" in entry(phoned)["last_error"]


def test_a_queue_that_fails_breaks_no_sync(phoned, sendblue, monkeypatch):
	def fails(*arguments, **options):
		raise ConnectionError("Redis is away")

	worker = Worker(phoned.connection())
	monkeypatch.setattr(frappe, "enqueue", fails)
	worker.finish(error="ShipStation is away.")
	assert phoned.entry()["status"] == "error"
	assert alerts(sendblue) == []
	monkeypatch.undo()
	breaks(phoned)
	fail(phoned)
	assert len(alerts(sendblue)) == 1, "the next failing sync queues it again"
