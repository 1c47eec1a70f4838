"""A visitor of the website writes twice and is one Lead."""

import time
import uuid

from sandbox.demo import limits
from sandbox.demo.client import Client, caller

SECONDS = 30


def first_message(facts: dict) -> str:
	limits.lift(facts)
	facts["visitor"] = f"ada.{uuid.uuid4().hex[:8]}@clinic.example"
	answer = _write(facts, company="Byron Clinic", message="Do you ship to Alaska?")
	lead = _lead(facts)
	return f"{answer['message']} → {lead['name']}, {lead['title']}, {lead['status']}"


def second_message(facts: dict) -> str:
	before = _lead(facts)["name"]
	_write(facts, email=facts["visitor"].upper(), message="And to Hawaii?")
	assert _lead(facts)["name"] == before
	return f"{before} has a comment more"


def nonsense(facts: dict) -> str:
	answer = Client(facts["site"]["url"]).request(
		"POST", "medgrid.contact_api.submit_contact_form", json={"name": "x", "email": "x", "message": "x"}
	)
	assert answer.status_code == 400, answer.text
	return f"400 {answer.json()['exception'].partition(': ')[2]}"


STEPS = (
	("submit_contact_form", first_message),
	("submit_contact_form, again", second_message),
	("submit_contact_form, no address", nonsense),
)


def _write(facts: dict, **values) -> dict:
	form = {"name": "Ada Byron King", "email": facts["visitor"], **values}
	answer = Client(facts["site"]["url"]).post("medgrid.contact_api.submit_contact_form", **form)
	assert answer["ok"] is True, answer
	return answer


def _lead(facts: dict) -> dict:
	"""The visitor's one Lead, which a job makes."""
	deadline = time.monotonic() + SECONDS
	while not (leads := _leads(facts)) and time.monotonic() < deadline:
		time.sleep(0.2)
	assert len(leads) == 1, leads
	return leads[0]


def _leads(facts: dict) -> list[dict]:
	return caller(facts, "administrator").post(
		"frappe.client.get_list",
		doctype="Lead",
		filters={"email_id": facts["visitor"]},
		fields=["name", "title", "status"],
	)
