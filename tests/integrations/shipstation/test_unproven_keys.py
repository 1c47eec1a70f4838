"""ShipStation keys that somebody tries out, or invents: they stop nobody, and use up nobody's rate limit."""

from concurrent.futures import ThreadPoolExecutor

from tests.support.http import message
from tests.support.outgoing_rpcs import HUB
from tests.support.waiting import wait_for


def invented(number: int) -> dict[str, str]:
	return {"api_key": f"invented-{number}", "api_secret": "x"}


def test_invented_keys_stop_nobody(hub, waits):
	"""Forty probes, then ten more at once: no thread sleeps, and a guest is answered."""
	call = hub.caller.post
	probes = [call(f"{HUB}.connect_shipstation", **invented(number)) for number in range(40)]
	statuses = [answer.status_code for answer in probes]
	assert statuses == [200] * 30 + [429] * 10
	assert int(probes[-1].headers["Retry-After"]) > 60
	before = len(waits.noted())
	with ThreadPoolExecutor(11) as pool:
		more = [pool.submit(call, f"{HUB}.connect_shipstation", **invented(number)) for number in range(10)]
		guest = pool.submit(hub.anonymous.get, "frappe.ping")
		assert guest.result().json() == {"message": "pong"}
		assert {answer.result().status_code for answer in more} <= {429, 503}
	wait_for(lambda: len(waits.noted()) >= before + 11)
	assert all(noted.waited <= 5.5 for noted in waits.noted()[before:])
	assert sum(noted.slept == 0 for noted in waits.noted()[before:]) >= 1


def test_invented_secrets_take_nothing_from_a_connections_rate_limit(hub, other_vendor, waits):
	"""Somebody who knows a vendor's key, and not its secret."""
	attacker = waits.caller(other_vendor.user)
	for _probe in range(25):
		probe = {"api_key": hub.vendor.api_key, "api_secret": "guessed"}
		assert message(attacker.post(f"{HUB}.connect_shipstation", **probe))["ok"] is False
	answer, noted = waits.observe(hub.call("sync_now shipstation"))
	assert message(answer)["stats"]["orders_pushed"] == 1
	assert noted.slept == 0


def test_keys_that_work_use_nothing_up(hub, site):
	for _time in range(35):
		assert hub.vendor.connect()["ok"] is True
