"""MedGrid's account at the simulated Sendblue, and vendors with phones."""

import re

import frappe

from tests.support.http import message
from tests.support.waiting import wait_for_jobs

KEY_ID, SECRET_KEY = "sb-key-id-of-the-tests", "sb-secret-key-of-the-tests"
WEBHOOK_SECRET = "webhook-secret-of-the-tests"
PHONE = "+15551234567"
RPC = "medgrid.integrations.sendblue"


def set_up(simulator) -> None:
	"""Keys and webhook secret are in Medgrid Settings, and Sendblue knows them."""
	simulator.add_account(KEY_ID, SECRET_KEY)
	configure(
		sendblue_api_key_id=KEY_ID,
		sendblue_api_secret_key=SECRET_KEY,
		sendblue_webhook_secret=WEBHOOK_SECRET,
		sendblue_from_number="",
	)


def configure(**values) -> None:
	"""What an administrator does in Medgrid Settings, committed."""
	frappe.db.rollback()
	settings = frappe.get_doc("Medgrid Settings")
	settings.update(values)
	settings.save()
	frappe.db.commit()


def start(vendor, phone: str = PHONE):
	return vendor.caller.post(f"{RPC}_start_verification", phone=phone)


def verify(vendor, code: str):
	return vendor.caller.post(f"{RPC}_verify", code=code)


def code_in(simulator, number: str = PHONE) -> str:
	"""The code in the last message to a number."""
	return re.findall(r"\d{6}", simulator.sent(number)[-1]["content"])[0]


def wrong(code: str) -> str:
	"""Another code than this one."""
	return f"{(int(code) + 1) % 10**6:06d}"


def connect(vendor, simulator, phone: str = PHONE) -> None:
	"""The vendor verifies a phone."""
	message(start(vendor, phone))
	assert message(verify(vendor, code_in(simulator, phone)))["ok"] is True


def entry(vendor) -> dict:
	"""What list_connections says of Sendblue."""
	listed = message(vendor.caller.get("medgrid.integrations.list_connections"))["integrations"]
	return next(entry for entry in listed if entry["id"] == "sendblue")


def alerts(simulator, number: str = PHONE) -> list[str]:
	"""The texts of a number's messages that are no codes, once nothing is on its way any more."""
	wait_for_jobs()
	return [text["content"] for text in simulator.sent(number) if "MedGrid code" not in text["content"]]
