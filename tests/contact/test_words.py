"""Nothing but the Contact Message and the Lead has a visitor's words.

Each field of the form carries a canary, everything fails in every layer, and then the canary is looked for in
the database, in Redis, in the log files, in what the web server prints, and in the answers.
"""

import secrets

import frappe
import pytest

from medgrid import contact_api
from medgrid.contact import inbox
from medgrid.contact.message import ContactMessage
from medgrid.contact.queue import DOCTYPE, MAX_WAITING
from tests.support import limits
from tests.support.breakdowns import break_down
from tests.support.contact_form import PATH, fill
from tests.support.http import Caller
from tests.support.in_process import in_process
from tests.support.traces import notations, traces

RPC = "medgrid.contact_api.submit_contact_form"
# Ways to call the form: path, and what is sent besides the fields.
WAYS = [(PATH, {}), (f"/api/v2/method/{RPC}", {}), ("/", {"cmd": RPC})]


@pytest.fixture
def word():
	return f"cnry{secrets.token_hex(9)}"


@pytest.fixture
def digits():
	"""A telephone number may have digits only."""
	return str(secrets.randbelow(9 * 10**17) + 10**17)


@pytest.fixture
def words(word, digits) -> dict:
	"""A form with canaries in all of its fields."""
	return {
		"name": f"Ada {word}",
		"email": f"{word}@example.com",
		"message": f"first\n{word}",
		"phone": digits,
		"company": f"{word} Ltd",
		"subject": f"About {word}",
	}


@pytest.fixture
def here(environment, contact_form):
	with in_process(environment) as server:
		yield server


@pytest.fixture
def developer_mode(site):
	"""In which Frappe logs every request that fails, whatever its status."""
	from frappe.installer import update_site_config

	update_site_config("developer_mode", 1, validate=False)
	yield
	update_site_config("developer_mode", "None", validate=False)


@pytest.fixture
def printed(capfd, word, digits):
	"""What a web server writes to its own log is looked through, too, after the test."""
	yield
	output = "".join(capfd.readouterr())
	assert not [form for secret in (word, digits) for form in notations(secret) if form in output]


def assert_no_trace(word, digits, *answers) -> None:
	for answer in answers:
		text = answer.text + repr(dict(answer.headers))
		assert not [form for secret in (word, digits) for form in notations(secret) if form in text]
	assert traces(word, digits) == []


def send_every_way(caller, words) -> list:
	answers = []
	for path, more in WAYS:
		answers.append(caller.request("POST", path, json={**words, **more}))
		answers.append(caller.request("POST", path, data={**words, **more}))
		answers.append(caller.request("POST", path, params={**words, **more}))
	return answers


# Where a request can fail, from the first look at it to the commit.
LAYERS = [
	"medgrid.api.gate.check_command",
	"medgrid.api.endpoint._check_roles",
	"medgrid.api.parameters.ParameterSchema.validate",
	"medgrid.contact_api._check_size",
	"medgrid.contact_api.caller",
	"medgrid.core.rate_limits.take",
	"medgrid.contact.queue.count",
	"medgrid.contact.inbox.asdict",
	"frappe.model.document.Document.insert",
	"medgrid.contact.inbox.in_transaction",
]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_fault_leaves_no_trace_wherever_the_request_breaks_down(
	here, printed, monkeypatch, word, digits, words, layer
):
	break_down(monkeypatch, layer, word)
	answers = send_every_way(Caller(here), words)
	monkeypatch.undo()
	assert {answer.status_code for answer in answers} == {500}
	assert_no_trace(word, digits, *answers)


def test_an_operator_finds_the_fault_by_the_reference_in_its_answer(here, monkeypatch, words, site):
	break_down(monkeypatch, "medgrid.contact.inbox.asdict", "x")
	answer = Caller(here).request("POST", PATH, json=words)
	monkeypatch.undo()
	assert answer.status_code == 500
	reference = answer.json()["exception"].rpartition("Reference: ")[2].strip(".")
	site.db.rollback()
	[log] = site.get_all("Error Log", filters={"method": ("like", f"%{reference}%")}, fields=["error"])
	assert "medgrid/contact/inbox.py:" in log.error


def refused(words: dict) -> list[tuple[str, str, dict]]:
	"""Requests that are not accepted: verb, path, and what is sent."""
	bad = {
		"name": f"{words['name']}\x07",
		"email": f"{words['email']} and more",
		"message": f"{words['message']}\x00",
		"phone": f"{words['phone']}x",
		"company": words["company"] * 10,
		"subject": f"{words['subject']}\nBcc: x",
	}
	of_wrong_type = [[words["message"]], {words["message"]: words["message"]}, {"a": [words["message"]]}]
	wrong = [{**words, field: value} for field, value in bad.items()]
	wrong += [{**words, field: value} for field in words for value in of_wrong_type]
	wrong += [{**words, field: ""} for field in ("name", "email", "message")]
	wrong += [{**words, "padding": words["message"] * 400}, {**words, "padding": words["message"] * 4000}]
	broken = ('{"message": "' + words["message"]).encode()
	as_json = {"Content-Type": "application/json"}
	return [
		*(("POST", PATH, {"json": values}) for values in wrong),
		*(("POST", PATH, {"data": values}) for values in wrong[:6]),
		*(("POST", PATH, {"params": values}) for values in wrong[:6]),
		("POST", PATH, {"data": broken, "headers": as_json}),
		("POST", PATH, {"data": b"[" + broken[12:] + b'"]', "headers": as_json}),
		("POST", PATH, {"params": {words["message"]: words["message"]}}),
		("GET", PATH, {"params": words}),
		("PUT", PATH, {"json": words}),
		("POST", PATH.replace("submit", "sumbit"), {"json": words}),
	]


def test_refused_requests_leave_no_trace_in_developer_mode_either(
	here, printed, developer_mode, word, digits, words
):
	caller, answers = Caller(here), []
	for verb, path, options in refused(words):
		limits.lift()
		answers.append(caller.request(verb, path, **options))
	assert {answer.status_code for answer in answers} <= {400, 401, 403, 404, 405, 413}
	assert_no_trace(word, digits, *answers)


@pytest.mark.parametrize("by", ["network address", "e-mail address"])
def test_a_visitor_who_is_sent_away_for_a_while_leaves_no_trace(
	here, printed, developer_mode, word, digits, words, by
):
	if by == "network address":
		limits.exhaust(contact_api.PER_ADDRESS, limits.LOOPBACK)
	else:
		limits.exhaust(contact_api.PER_EMAIL, words["email"])
	answers = send_every_way(Caller(here), words)
	assert {answer.status_code for answer in answers} == {429}
	assert_no_trace(word, digits, *answers)


@pytest.mark.parametrize("website", ["", "filled in"])
def test_a_full_queue_leaves_no_trace(here, printed, developer_mode, word, digits, words, website):
	"""Frappe logs the variables and the parameters of what is answered with 500 or more."""
	fill(MAX_WAITING, held=False)
	answers = send_every_way(Caller(here), {**words, "website": website and f"{website} {word}"})
	assert {answer.status_code for answer in answers} == {503}
	assert_no_trace(word, digits, *answers)


def test_a_filled_honeypot_leaves_no_trace(here, printed, word, digits, words):
	answers = send_every_way(Caller(here), {**words, "website": word})
	assert {answer.status_code for answer in answers} == {200}
	assert_no_trace(word, digits, *answers)


# Where the job can fail.
JOB_LAYERS = [
	"medgrid.contact.leads.redis_lock",
	"medgrid.contact.leads.in_transaction",
	"medgrid.contact.leads._find",
	"medgrid.contact.message.ContactMessage.as_lead",
	"frappe.model.document.Document.insert",
	"medgrid.contact.message.ContactMessage.as_html",
	"medgrid.contact.inbox._take",
]


@pytest.mark.parametrize("layer", JOB_LAYERS)
def test_a_job_that_fails_leaves_the_words_in_the_message_only(
	contact_form, printed, site, monkeypatch, word, digits, words, layer
):
	monkeypatch.setattr(inbox, "_enqueue", lambda name: None)
	name = inbox.put(ContactMessage(**words))
	site.db.commit()
	break_down(monkeypatch, layer, word)
	if layer == "frappe.model.document.Document.insert":
		# The issue is a document, too: not even that can be written.
		monkeypatch.setattr(inbox, "open_issue", lambda *arguments, **options: None)
	inbox.deliver(name)
	monkeypatch.undo()
	# Frappe takes a Lead for its search as soon as it is inserted, and forgets none that is rolled back.
	found = [place for place in traces(word, digits) if not place.endswith("global_search_queue")]
	assert found == [f"table tab{DOCTYPE}"]
	assert frappe.db.get_value(DOCTYPE, name, "failures") == 1


def test_a_held_message_has_its_words_in_one_place(here, printed, word, digits, words):
	limits.exhaust(contact_api.OVERALL, "everybody")
	answer = Caller(here).request("POST", PATH, json=words)
	assert answer.status_code == 200
	assert traces(word, digits) == [f"table tab{DOCTYPE}"]
