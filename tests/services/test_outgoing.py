"""Slots to call other systems: half of the threads, and one request of a user, at a time.

See docs/adr/0030-no-web-thread-waits.md.
"""

import secrets
import time

import frappe
import pytest

from medgrid.core.waiting import request_time
from medgrid.exceptions import Busy, TooManyRequests
from medgrid.services import outgoing
from medgrid.sync import runs
from medgrid.sync.job import Job
from tests.support.http import error, message
from tests.support.outgoing_rpcs import HUBS_RPCS, STORES_RPCS, fill_all_slots
from tests.support.waiting import wait_for

pytestmark = pytest.mark.usefixtures("nothing_under_way")


def test_a_second_request_of_a_user_waits_five_seconds_for_a_slot_and_is_429(hub, waits):
	hub.vendor.shipstation.clear_received()
	slot = outgoing._Slot(hub.vendor.user.email)
	assert slot.ask() == outgoing.HAS_SLOT
	try:
		answer, noted = waits.observe(hub.call("test_connection shipstation"))
	finally:
		slot.end()
	assert "not finished yet" in error(answer, 429, "RateLimitExceededError")
	assert answer.headers["Retry-After"] == "5"
	assert 4.9 <= noted.slept <= 5.5
	assert hub.vendor.shipstation.received(hub.vendor.api_key) == []
	answer, noted = waits.observe(hub.call("test_connection shipstation"))
	assert (message(answer)["ok"], noted.slept) == (True, 0)


def test_another_users_request_does_not_wait(hub, other_vendor, waits):
	slot = outgoing._Slot(other_vendor.user.email)
	slot.ask()
	answer, noted = waits.observe(hub.call("test_connection shipstation"))
	slot.end()
	assert (message(answer)["ok"], noted.slept) == (True, 0)


@pytest.mark.parametrize("name", HUBS_RPCS)
def test_when_half_of_the_threads_call_out_one_more_is_503_at_once(hub, waits, name):
	call = hub.call(name)
	fill_all_slots()
	answer, noted = waits.observe(call)
	assert "Try again in 5 seconds" in error(answer, 503, "BusyError")
	assert answer.headers["Retry-After"] == "5"
	assert noted.slept == 0


@pytest.mark.parametrize("name", STORES_RPCS)
def test_it_is_503_for_the_stores_requests_as_well(seller, waits, name):
	call = seller.call(name)
	fill_all_slots()
	answer, noted = waits.observe(call)
	assert answer.status_code == 503, answer.text
	assert answer.headers["Retry-After"] == "5"
	assert noted.slept == 0


def test_a_full_house_leaves_no_trace(hub, seller, waits):
	"""Neither a run, nor a record, nor a status, nor a used-up state."""
	callback, sync, send = (
		hub.call("shopify_callback"),
		hub.call("sync_now shopify"),
		seller.call("sync_to_exoceuticals"),
	)
	catalog = seller.call("sync_catalog")
	runs, records = frappe.db.count("Sync Run"), frappe.db.count("Exoceuticals Order")
	slots = fill_all_slots()
	assert [call().status_code for call in (callback, sync, send, catalog)] == [503] * 4
	frappe.db.rollback()
	assert (frappe.db.count("Sync Run"), frappe.db.count("Exoceuticals Order")) == (runs, records)
	assert hub.shop.entry()["status"] == "connected"
	for slot in slots:
		slot.end()
	assert message(callback())["ok"] is True
	assert message(send())["status"] == "success"


def test_a_running_sync_is_409_before_anybody_waits_for_a_slot(hub, waits):
	run = runs.start(Job("shipstation", hub.vendor.connection()))
	outgoing._Slot(hub.vendor.user.email).ask()
	answer, noted = waits.observe(hub.call("sync_now shipstation"))
	assert "running already" in error(answer, 409, "ConflictError")
	assert noted.slept == 0
	run.finish({})


def test_an_order_that_was_sent_is_409_before_anybody_waits_for_a_slot(seller, waits):
	call = seller.call("sync_to_exoceuticals")
	message(call())
	outgoing._Slot(seller.caller.user.email).ask()
	answer, noted = waits.observe(call)
	assert "sent to Exoceuticals already" in error(answer, 409, "ConflictError")
	assert noted.slept == 0


def test_the_slots_of_a_process_that_died_free_themselves(site, monkeypatch):
	monkeypatch.setattr(outgoing, "LEASE_SECONDS", 1)
	fill_all_slots()
	one_more = outgoing._Slot("mgt.more@example.com")
	assert one_more.ask() == outgoing.FULL
	one_more.end()
	wait_for(lambda: outgoing._Slot(f"mgt.{secrets.token_hex(4)}@example.com").ask() == outgoing.HAS_SLOT)


def test_one_users_requests_that_wait_make_room_for_another_user(site):
	most = outgoing.most_at_a_time()
	mine = [outgoing._Slot("mgt.many@example.com") for _number in range(most)]
	assert [slot.ask() for slot in mine] == [outgoing.HAS_SLOT, *[outgoing.WAITS] * (most - 1)]
	assert outgoing._Slot("mgt.many@example.com").ask() == outgoing.TOO_MANY
	assert outgoing._Slot("mgt.other@example.com").ask() == outgoing.HAS_SLOT
	assert [slot.ask() for slot in mine] == [
		outgoing.HAS_SLOT,
		*[outgoing.WAITS] * (most - 2),
		outgoing.TOO_MANY,
	]


def test_a_user_who_is_given_up_for_another_comes_again(site):
	first, second = (outgoing._Slot("mgt.two@example.com") for _number in range(2))
	assert (first.ask(), second.ask()) == (outgoing.HAS_SLOT, outgoing.WAITS)
	first.end()
	assert second.ask() == outgoing.HAS_SLOT


def test_as_many_may_call_out_as_the_sites_threads_allow(site, monkeypatch):
	assert outgoing.most_at_a_time() == outgoing.DEFAULT_THREADS // 2
	monkeypatch.setitem(site.conf, "medgrid_web_threads", 17)
	assert outgoing.most_at_a_time() == 8
	monkeypatch.setitem(site.conf, "medgrid_web_threads", 1)
	assert outgoing.most_at_a_time() == 1


def test_a_job_needs_no_slot(site):
	fill_all_slots()
	outgoing.take_slot()


# Room: for what calls out once, and waits for nobody


@pytest.fixture
def request_of(site, monkeypatch):
	"""`request_of(user)`: this process answers a web request of a user."""

	def begin(user: str):
		outgoing.end_slot()
		monkeypatch.setattr(frappe.local, "request", object(), raising=False)
		monkeypatch.setattr(frappe.session, "user", user)
		outgoing.begin_request()

	yield begin
	outgoing.end_slot()
	frappe.local.medgrid_patience = None


def counted() -> int:
	return frappe.cache.zcard(outgoing._Slot(None).keys[0])


def test_room_is_taken_once_and_ends_with_the_request(request_of):
	request_of("mgt.one@example.com")
	for _call in range(3):
		outgoing.take_room()
		assert counted() == 1
	outgoing.end_slot()
	assert counted() == 0


def test_room_does_not_depend_on_other_requests_of_the_user(request_of):
	assert outgoing._Slot("mgt.one@example.com").ask() == outgoing.HAS_SLOT
	request_of("mgt.one@example.com")
	outgoing.take_room()
	assert counted() == 2


def test_without_room_nothing_is_waited_for_and_what_was_written_stays(request_of):
	request_of("mgt.one@example.com")
	fill_all_slots()
	todo = frappe.get_doc({"doctype": "ToDo", "description": "written before"}).insert(
		ignore_permissions=True
	)
	with pytest.raises(Busy, match="Try again in 5 seconds") as refused:
		outgoing.take_room()
	assert refused.value.retry_after == 5
	assert request_time.patience().waited == 0
	assert frappe.db.transaction_writes
	assert frappe.db.exists("ToDo", todo.name)
	assert counted() == outgoing.most_at_a_time()


def test_room_is_found_where_a_user_s_next_request_waits(request_of):
	mine = [outgoing._Slot("mgt.many@example.com") for _number in range(outgoing.most_at_a_time())]
	for slot in mine:
		slot.ask()
	request_of("mgt.one@example.com")
	outgoing.take_room()
	assert mine[-1].ask() == outgoing.TOO_MANY


def test_a_request_that_has_room_is_not_counted_twice_when_it_takes_its_user_s_slot(request_of):
	request_of("mgt.one@example.com")
	outgoing.take_room()
	outgoing.take_slot()
	assert counted() == 1
	assert outgoing._Slot("mgt.one@example.com").ask() == outgoing.WAITS


def test_a_request_that_has_its_slot_has_room(request_of):
	request_of("mgt.one@example.com")
	outgoing.take_slot()
	outgoing.take_room()
	assert counted() == 1


def test_a_request_that_goes_on_calling_goes_on_being_counted(request_of, monkeypatch):
	monkeypatch.setattr(outgoing, "LEASE_SECONDS", 1)
	request_of("mgt.one@example.com")
	for _document in range(4):
		outgoing.take_room()
		time.sleep(0.5)
	assert counted() == 1
	fill = [outgoing._Slot(None).ask() for _number in range(outgoing.most_at_a_time())]
	assert fill[-1] == outgoing.FULL


def test_jobs_need_no_room(site):
	fill_all_slots()
	outgoing.take_room()
	assert getattr(frappe.local, "medgrid_slot", None) is None


def test_what_a_request_has_written_stays_while_it_waits_for_its_slot(request_of, monkeypatch):
	"""Another app may write in a hook before the request."""
	monkeypatch.setattr(outgoing, "SLOT_SECONDS", 0.1)
	assert outgoing._Slot("mgt.one@example.com").ask() == outgoing.HAS_SLOT
	request_of("mgt.one@example.com")
	todo = frappe.get_doc({"doctype": "ToDo", "description": "written before"})
	todo.insert(ignore_permissions=True)
	with pytest.raises(TooManyRequests):
		outgoing.take_slot()
	assert frappe.db.exists("ToDo", todo.name)
