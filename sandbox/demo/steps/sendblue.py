"""A vendor verifies a phone, is texted when ShipStation stops working, and replies STOP. In the end
everything is as a vendor wants it: ShipStation is connected, and text messages arrive."""

import re
import time

from sandbox.demo import limits
from sandbox.demo.cast import PHONES, SENDBLUE_KEYS, VENDORS, shipstation_keys
from sandbox.demo.client import Client, caller
from sandbox.simulators.sendblue.remote import SendblueControl
from sandbox.simulators.shipstation.remote import ShipStationControl

VENDOR, PHONE = "Harbor Wound & Derma", "(206) 555-0190"
NUMBER = PHONES[VENDOR]
KEYS = dict(zip(("sendblue_api_key_id", "sendblue_api_secret_key"), SENDBLUE_KEYS, strict=True))
WEBHOOK_SECRET = "demo-webhook-secret"
SECONDS = 30


def settings(facts: dict) -> str:
	"""The administrator enters MedGrid's keys; Sendblue knows them."""
	limits.lift(facts)
	_simulator(facts).reset()
	_simulator(facts).add_account(*KEYS.values())
	_simulator(facts).set_webhook(
		f"{facts['site']['url']}/api/method/medgrid.integrations.sendblue_webhook", WEBHOOK_SECRET
	)
	values = {**KEYS, "sendblue_webhook_secret": WEBHOOK_SECRET}
	caller(facts, "administrator").update("Medgrid Settings", "Medgrid Settings", **values)
	# An earlier demo of this site may have been interrupted after STOP.
	_reply(facts, "START")
	return "Medgrid Settings have Sendblue's keys and a webhook secret"


def code_is_sent(facts: dict) -> str:
	answer = _vendor(facts).post("medgrid.integrations.sendblue_start_verification", phone=PHONE)
	assert answer["ok"] is True, answer
	facts["code"] = re.findall(r"\d{6}", _texts(facts)[-1])[0]
	return f"{PHONE} is {answer['phone']}; it got a code that lives {answer['expires_in']} s"


def wrong_code(facts: dict) -> str:
	code = f"{(int(facts['code']) + 1) % 10**6:06d}"
	answer = _vendor(facts).post("medgrid.integrations.sendblue_verify", code=code)
	assert answer["ok"] is False, answer
	return answer["error"]


def right_code(facts: dict) -> str:
	answer = _vendor(facts).post("medgrid.integrations.sendblue_verify", code=facts["code"])
	assert answer["ok"] is True, answer
	return f"{answer['integration']} is {answer['status']}, stats {_entry(facts)['stats']}"


def alert(facts: dict) -> str:
	"""ShipStation does not take the vendor's key any more."""
	_connect_shipstation(facts)
	_shipstation(facts).add_account(shipstation_keys(VENDOR)[0], "rotated")
	tested = _vendor(facts).post("medgrid.integrations.test_connection", integration_type="shipstation")
	assert tested["ok"] is False, tested
	return _next_text(facts, "stopped working")


def stop(facts: dict) -> str:
	answer = _reply(facts, "STOP")
	return f"{answer}, alerts are {_entry(facts)['stats']['alerts']}"


def start(facts: dict) -> str:
	answer = _reply(facts, "START")
	return f"{answer}, alerts are {_entry(facts)['stats']['alerts']}"


def right_keys_again(facts: dict) -> str:
	"""ShipStation knows the vendor's keys again, and the vendor enters them."""
	_connect_shipstation(facts)
	entry = _entry(facts, "shipstation")
	assert entry["status"] == "connected", entry
	return f"shipstation is {entry['status']}"


def _connect_shipstation(facts: dict) -> None:
	_shipstation(facts).add_account(*shipstation_keys(VENDOR))
	credentials = dict(zip(("api_key", "api_secret"), shipstation_keys(VENDOR), strict=True))
	answer = _vendor(facts).post("medgrid.integrations.connect_shipstation", **credentials)
	assert answer["ok"] is True, answer


def _reply(facts: dict, word: str) -> dict:
	"""The vendor's phone sends a message, and Sendblue's webhook tells MedGrid."""
	answer = _simulator(facts).reply(NUMBER, word)
	assert answer.status_code == 200, answer.text
	return answer.json()["message"]


STEPS = (
	("Sendblue is set up", settings),
	("sendblue_start_verification", code_is_sent),
	("sendblue_verify, wrong code", wrong_code),
	("sendblue_verify, right code", right_code),
	("a vendor's ShipStation fails", alert),
	("the vendor replies STOP", stop),
	("the vendor replies START", start),
	("the vendor enters the right keys", right_keys_again),
)


def _next_text(facts: dict, words: str) -> str:
	"""A message with these words; a job sends it."""
	until = time.monotonic() + SECONDS
	while time.monotonic() < until:
		for text in _texts(facts):
			if words in text:
				return text
		time.sleep(0.2)
	raise AssertionError(f"no message with {words!r} within {SECONDS} s")


def _texts(facts: dict) -> list[str]:
	return [message["content"] for message in _simulator(facts).sent(NUMBER)]


def _entry(facts: dict, integration: str = "sendblue") -> dict:
	listed = _vendor(facts).get("medgrid.integrations.list_connections")["integrations"]
	return next(entry for entry in listed if entry["id"] == integration)


def _vendor(facts: dict) -> Client:
	return caller(facts, VENDORS[VENDOR])


def _simulator(facts: dict) -> SendblueControl:
	return SendblueControl(facts["simulators"]["sendblue"])


def _shipstation(facts: dict) -> ShipStationControl:
	return ShipStationControl(facts["simulators"]["shipstation"])
