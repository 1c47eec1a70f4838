"""What a web request waits: at most 10 seconds in all, whatever the other systems and the other workers do.

The requests go to a web server of their own, which counts what its threads sleep and how long the database
lets them wait. See `tests.support.waits_wsgi` and docs/adr/0030-no-web-thread-waits.md.
"""

from contextlib import contextmanager

import frappe
import pytest
from pydantic import SecretStr

from medgrid.clients.shipstation.request_window import RequestWindow
from medgrid.core.jobs import sync_queue
from medgrid.core.redis_keys import redis_key
from tests.support.http import error, message
from tests.support.outgoing_rpcs import HUBS_RPCS, STORES_RPCS, forget_budgets
from tests.support.rival import rival_connection
from tests.support.vendors import order
from tests.support.waiting import known_jobs, wait_for, wait_for_jobs
from tests.support.waits import MOST_SECONDS, MOST_WAITED, TOLERANCE


@pytest.fixture
def simulators(shipstation, shopify, sendblue):
	return (shipstation, shopify, sendblue)


def spoil(simulators, kind: str, **options) -> None:
	"""Every request to every service, until the test ends."""
	for simulator in simulators:
		simulator.fault(kind, times=None, **options)


def check(noted, answer) -> None:
	assert noted.waited <= MOST_WAITED, (noted, answer.text)
	assert noted.seconds <= MOST_SECONDS + TOLERANCE, (noted, answer.text)
	assert answer.status_code in (200, 409, 417, 429, 503), answer.text
	if answer.status_code in (429, 503):
		assert int(answer.headers["Retry-After"]) >= 1


@contextmanager
def spoilt(simulators, kind: str, options: dict):
	spoil(simulators, kind, **options)
	try:
		yield
	finally:
		for simulator in simulators:
			simulator.clear_faults()


# What the other systems do


# The kinds of the simulators' faults, and their options. Seconds are those that a 429 requests.
WEATHER = [
	("too_many", {"seconds": 1}),
	("too_many", {"seconds": 3}),
	("too_many", {"seconds": 20}),
	("status", {"status": 503}),
	("drop_after", {}),
	("half", {}),
	("malformed", {}),
]


@pytest.mark.parametrize("name", HUBS_RPCS)
def test_whatever_another_system_answers_a_request_of_the_hub_waits_ten_seconds_at_most(
	hub, waits, simulators, name
):
	for kind, options in WEATHER:
		call = hub.call(name)
		with spoilt(simulators, kind, options):
			answer, noted = waits.observe(call)
		check(noted, answer)
		forget_budgets()
		# A sync that goes on as a job would answer the next call with 409.
		wait_for_jobs()


@pytest.mark.parametrize("name", STORES_RPCS)
def test_whatever_shopify_answers_a_request_for_the_store_waits_ten_seconds_at_most(
	seller, shopify, waits, name
):
	for kind, options in WEATHER:
		call = seller.call(name)
		with spoilt((shopify,), kind, options):
			answer, noted = waits.observe(call)
		check(noted, answer)
		forget_budgets()
		wait_for_jobs()


@pytest.mark.parametrize("kind", ["slow", "drip"])
@pytest.mark.parametrize("name", ["connect_shipstation", "sync_now shopify", "shopify_callback"])
def test_an_answer_that_does_not_end_holds_a_thread_thirty_seconds_at_most(
	hub, waits, simulators, name, kind
):
	"""One byte a second begins every time-out of a socket anew; the deadline is that of the whole
	exchange."""
	call = hub.call(name)
	with spoilt(simulators, kind, {"seconds": 120}):
		answer, noted = waits.observe(call)
	check(noted, answer)


def test_connecting_answers_within_fifteen_seconds_with_its_own_sentence(hub, waits, simulators):
	call = hub.call("connect_shipstation")
	with spoilt(simulators, "drip", {"seconds": 120}):
		answer, noted = waits.observe(call)
	answered = message(answer)
	assert (answered["ok"], answered["status"]) == (False, "error")
	assert "not enough time" in answered["error"]
	assert noted.seconds < 15


# A wait that is known to be longer is not begun


def fill_window(vendor, seconds: int) -> None:
	"""ShipStation's rate limit is used up for so long."""
	window = RequestWindow(frappe.cache, SecretStr(vendor.api_key), SecretStr(vendor.api_secret))
	window.update(40, 0, seconds)


def test_a_sync_whose_rate_window_is_full_goes_on_as_a_job_at_once(hub, waits):
	call = hub.call("sync_now shipstation")
	fill_window(hub.vendor, 15)
	answer, noted = waits.observe(call)
	answered = message(answer)
	assert (answered["ok"], answered["stats"]["orders_pushed"]) == (True, 0)
	assert answered["stats"]["deferred"] >= 1
	assert noted.slept == 0
	# The worker may have ended it before anybody can see that it syncs.
	mine = f"medgrid-sync-{hub.vendor.connection()}-"
	wait_for(lambda: any(mine in id for id in known_jobs(sync_queue())))


def test_a_test_whose_rate_window_is_full_is_429_and_changes_no_status(hub, waits):
	fill_window(hub.vendor, 15)
	answer, noted = waits.observe(hub.call("test_connection shipstation"))
	assert "rate limit is reached" in error(answer, 429, "RateLimitExceededError")
	assert 10 <= int(answer.headers["Retry-After"]) <= 15
	assert noted.slept == 0
	entry = hub.vendor.entry()
	assert (entry["status"], entry["last_error"]) == ("connected", None)


def test_a_short_wait_for_the_rate_window_is_made(hub, waits):
	fill_window(hub.vendor, 2)
	answer, noted = waits.observe(hub.call("test_connection shipstation"))
	# No time passes where sleeping is only counted, so the window stays full until nothing is left to wait.
	assert answer.status_code in (200, 429)
	assert 0 < noted.slept <= MOST_WAITED


@pytest.mark.parametrize("name", ["sync_catalog", "sync_inventory"])
def test_a_sync_of_the_store_that_a_rate_limit_keeps_from_beginning_is_429_at_once(
	seller, shopify, waits, name
):
	call = seller.call(name)
	with spoilt((shopify,), "too_many", {"seconds": 20}):
		answer, noted = waits.observe(call)
	assert "rate limit" in error(answer, 429, "RateLimitExceededError")
	assert int(answer.headers["Retry-After"]) >= 10
	assert noted.slept == 0


def test_sending_an_order_whose_rate_limit_is_used_up_is_429_and_the_order_waits(
	seller, shopify, waits, site
):
	call = seller.call("sync_to_exoceuticals")
	with spoilt((shopify,), "too_many", {"seconds": 20}):
		answer, noted = waits.observe(call)
	assert "rate limit" in error(answer, 429, "RateLimitExceededError")
	assert int(answer.headers["Retry-After"]) >= 10
	assert noted.slept == 0
	forget_budgets()
	assert message(call())["status"] == "success"


# Locks


@contextmanager
def held(doctype: str, name: str):
	"""Another transaction holds the row."""
	frappe.db.commit()
	with rival_connection() as rival:
		# Not `get_value`, which would use this process' own connection.
		rival.sql(f"select name from `tab{doctype}` where name = %s for update", name)
		yield


def test_a_row_that_somebody_holds_makes_a_request_wait_ten_seconds_at_most(hub, waits):
	with held("Vendor Connection", hub.vendor.connection()):
		answer, noted = waits.observe(hub.call("test_connection shipstation"))
	assert "changing the same data" in error(answer, 503, "BusyError")
	assert answer.headers["Retry-After"] == "2"
	assert noted.locked > 0
	check(noted, answer)


def test_an_order_that_somebody_holds_is_left_to_the_job_and_the_others_are_sent(hub, waits):
	vendor = hub.vendor
	first, second = (order((vendor.item, 1, 10)).name for _order in range(2))
	call = hub.post("sync_now", integration_type="shipstation")
	with held("Sales Order", first):
		answer, noted = waits.observe(call)
		sent = [remote["orderKey"] for remote in vendor.remote_orders()]
	check(noted, answer)
	answered = message(answer)
	assert (answered["ok"], answered["stats"]["deferred"]) == (True, 1)
	assert second in sent
	assert first not in sent
	wait_for(lambda: first in [remote["orderKey"] for remote in vendor.remote_orders()])


def test_an_order_of_the_store_that_somebody_holds_is_503_within_the_time(seller, waits):
	call = seller.call("sync_to_exoceuticals")
	newest = frappe.get_all("Sales Order", order_by="creation desc", limit=1, pluck="name")[0]
	with held("Sales Order", newest):
		answer, noted = waits.observe(call)
	error(answer, 503, "BusyError")
	check(noted, answer)


@pytest.mark.parametrize("name", ["test_connection shopify", "sync_now shopify"])
def test_a_token_that_another_worker_refreshes_is_waited_for_ten_seconds_at_most(hub, waits, name):
	"""The worker has died; its lock stays for half a minute."""
	connection = hub.shop.connection()
	expired = frappe.utils.add_to_date(None, hours=-1)
	frappe.db.set_value("Vendor Connection", connection.name, "token_expires_at", expired)
	frappe.db.commit()
	key = redis_key("shopify", "refresh", f"{frappe.conf.db_name}:{connection.name}")
	frappe.cache.set(key, "somebody", ex=30)
	try:
		answer, noted = waits.observe(hub.call(name))
	finally:
		frappe.cache.delete(key)
	check(noted, answer)
	assert 0 < noted.slept <= MOST_WAITED
	if name == "sync_now shopify":
		assert message(answer)["ok"] is True
		assert hub.shop.entry()["status"] in ("syncing", "connected")
	else:
		assert hub.shop.entry()["status"] == "connected", "it was not tested"
