"""MedGrid's account at the simulated Sendblue, and vendors with phones."""

import re
import time

import frappe

from tests.support.http import message

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
	return re.match(r"\d{6}", simulator.sent(number)[-1]["content"]).group()


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
	settle()
	return [text["content"] for text in simulator.sent(number) if "MedGrid code" not in text["content"]]


def settle(seconds: float = 60) -> None:
	"""Waits until no job waits or runs in the queue of the messages."""
	from frappe.utils.background_jobs import get_queue
	from rq.registry import StartedJobRegistry

	queue, quiet, until = get_queue("short"), 0, time.monotonic() + seconds
	while quiet < 2:
		assert time.monotonic() < until, f"jobs are still on their way after {seconds} s"
		quiet = 0 if queue.count or StartedJobRegistry(queue=queue).count else quiet + 1
		time.sleep(0.1)
