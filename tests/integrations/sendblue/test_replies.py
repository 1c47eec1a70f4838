"""What vendors reply, over HTTP through the webhook. Contract: "Webhook Error Response"."""

from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from medgrid.integrations.sendblue import inbound
from tests.integrations.sendblue.test_alerts import breaks, fail
from tests.support import limits
from tests.support.http import error, message
from tests.support.rows import delete_rows
from tests.support.sendblue import (
	PHONE,
	WEBHOOK_SECRET,
	alerts,
	code_in,
	configure,
	connect,
	entry,
	start,
	verify,
)
from tests.support.waiting import wait_for_jobs

PATH = "/api/method/medgrid.integrations.sendblue_webhook"
UNAUTHENTIC = {"status": "error", "code": "INVALID_TOKEN", "message": "Authentication failed"}
SIGNED = {"sb-signing-secret": WEBHOOK_SECRET}


@pytest.fixture
def phoned(vendor, sendblue):
	connect(vendor, sendblue)
	wait_for_jobs()
	return vendor


@pytest.fixture
def reply(environment, sendblue):
	"""Replies as a phone's owner would; the answer is the webhook's."""

	def send(text, number=PHONE, **options):
		options = {"secret": WEBHOOK_SECRET, "headers": environment.headers, **options}
		return sendblue.reply(number, text, url=f"{environment.url}{PATH}", **options)

	return send


def switch(vendor) -> str:
	return entry(vendor)["stats"]["alerts"]


# STOP, START, HELP


@pytest.mark.parametrize(
	"word",
	[
		"STOP",
		"stop",
		" Stop. ",
		"UNSUBSCRIBE",
		"End",
		"QUIT",
		"cancel",
		"STOPALL",
		'"STOP"\n',
		"“Stop”",
		"\u200bSTOP\u200b",
		"¡stop!",
		"«STOP»…",
	],
)
def test_stop_turns_alerts_off_and_start_on_again(phoned, reply, word):
	assert message(reply(word)) == {"status": "ok"}
	assert switch(phoned) == "off"
	assert entry(phoned)["status"] == "connected"
	assert message(reply("Start")) == {"status": "ok"}
	assert switch(phoned) == "on"


def test_who_has_stopped_is_not_texted_until_they_start_again(phoned, reply, sendblue):
	phoned.connect()
	message(reply("STOP"))
	breaks(phoned)
	fail(phoned)
	assert alerts(sendblue) == []
	message(reply("START"))
	fail(phoned)
	assert len(alerts(sendblue)) == 1


@pytest.fixture(autouse=True)
def without_opt_outs(site):
	yield
	frappe.db.rollback()
	delete_rows(("Text Message Opt Out", {}))


@pytest.mark.parametrize("number", [PHONE, "+13125550142"])
def test_a_phone_that_replied_stop_gets_no_code_until_it_replies_start(vendor, reply, sendblue, number):
	for _twice in range(2):
		message(reply("STOP", number=number))
	sentence = error(start(vendor, number), 417, "ValidationError")
	assert sentence == "This phone replied STOP. Text START from it, then ask for a code again."
	assert sendblue.sent(number) == []
	[kept] = frappe.get_all("Text Message Opt Out", pluck="digest")
	assert number[1:] not in kept
	message(reply("START", number=number))
	connect(vendor, sendblue, number)


def test_a_stop_before_the_code_is_entered_counts(vendor, reply, sendblue):
	message(start(vendor))
	message(reply("STOP"))
	assert message(verify(vendor, code_in(sendblue)))["ok"] is True
	assert switch(vendor) == "off"
	message(reply("START"))
	assert switch(vendor) == "on"


def test_nobody_who_stopped_is_texted_whatever_their_connection_says(phoned, sendblue):
	from medgrid.integrations.sendblue import opt_outs

	phoned.connect()
	opt_outs.add(PHONE)
	frappe.db.commit()
	breaks(phoned)
	fail(phoned)
	assert alerts(sendblue) == []


def test_verifying_again_turns_alerts_on(phoned, reply, sendblue):
	message(reply("STOP"))
	message(reply("START"))
	connect(phoned, sendblue)
	assert switch(phoned) == "on"


@pytest.mark.parametrize("text", ["please do not stop", "STOP IT", "", "👍", None, "s t o p", "x" * 15000])
def test_any_other_reply_changes_nothing(phoned, reply, sendblue, text):
	assert message(reply(text)) == {"status": "ok"}
	assert switch(phoned) == "on"
	assert alerts(sendblue) == []


@pytest.mark.parametrize("word", ["HELP", "help", "Info?"])
def test_help_is_answered(phoned, reply, sendblue, word):
	assert message(reply(word)) == {"status": "ok"}
	[text] = alerts(sendblue)
	assert "/portal/integrations" in text
	assert "Reply STOP to get no more alerts, START to get them again." in text


def test_a_stop_from_a_phone_of_two_vendors_is_for_both(phoned, other_vendor, reply, sendblue):
	connect(other_vendor, sendblue)
	message(reply("STOP"))
	assert (switch(phoned), switch(other_vendor)) == ("off", "off")


def test_numbers_that_nobody_has_verified_are_acknowledged_and_ignored(phoned, reply, sendblue):
	for text in ("STOP", "HELP"):
		assert message(reply(text, number="+13125550199")) == {"status": "ok"}
	assert switch(phoned) == "on"
	assert alerts(sendblue, "+13125550199") == []


# Duplicates


def test_a_reply_delivered_late_once_more_changes_nothing(phoned, reply, sendblue):
	message(reply("STOP", handle="handle-of-the-stop"))
	message(reply("START"))
	message(reply("STOP", handle="handle-of-the-stop"))
	assert switch(phoned) == "on"


def test_a_reply_that_release_0_1_has_handled_changes_nothing(phoned, reply):
	"""It remembered them for a week in Redis."""
	handle = frappe.generate_hash()
	message_ = inbound.InboundMessage(message_handle=handle, from_number=PHONE)
	frappe.cache.set(inbound._key(message_), 1, ex=60)
	assert message(reply("STOP", handle=handle)) == {"status": "ok"}
	assert switch(phoned) == "on"


def test_replies_without_a_handle_are_told_apart_by_their_text(phoned, anonymous):
	# An earlier run's replies are remembered.
	run = frappe.generate_hash(length=20)
	for word, state in (("STOP", "off"), ("START", "on"), ("STOP ", "off")):
		payload = {"message_handle": "", "from_number": PHONE, "content": word, "account_email": run}
		message(anonymous.request("POST", PATH, json=payload, headers=SIGNED))
		assert switch(phoned) == state


def test_help_delivered_many_times_is_answered_once(phoned, reply, sendblue):
	handle = frappe.generate_hash(length=20)
	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(lambda _time: message(reply("HELP", handle=handle)), range(6)))
	assert answers == [{"status": "ok"}] * 6
	assert len(alerts(sendblue)) == 1


def test_a_number_is_helped_five_times_an_hour(phoned, reply, sendblue):
	for _time in range(7):
		assert message(reply("HELP")) == {"status": "ok"}
	assert len(alerts(sendblue)) == 5
	message(reply("STOP"))
	assert switch(phoned) == "off"


# Who may call


@pytest.mark.parametrize("secret", ["", "wrong", WEBHOOK_SECRET + "x", WEBHOOK_SECRET.upper(), "ü"])
def test_without_the_secret_it_is_the_contracts_401_and_nothing_happens(phoned, reply, secret):
	for options in ({"secret": secret.encode()}, {"secret": None}):
		answer = reply("STOP", **options)
		assert (answer.status_code, answer.json()) == (401, UNAUTHENTIC)
	assert switch(phoned) == "on"


def test_the_secret_may_be_in_the_url(phoned, environment, sendblue, anonymous):
	payload = sendblue._call("reply", number=PHONE, content="STOP")
	for secret, status in (("wrong", 401), (WEBHOOK_SECRET, 200)):
		assert anonymous.request("POST", f"{PATH}?secret={secret}", json=payload).status_code == status
	assert switch(phoned) == "off"


def test_a_site_without_a_secret_accepts_nobody(phoned, reply):
	configure(sendblue_webhook_secret="")
	for secret in ("", "None", None, WEBHOOK_SECRET):
		assert reply("STOP", secret=secret).status_code == 401
	assert switch(phoned) == "on"


def test_only_post_is_accepted(anonymous, sendblue):
	assert anonymous.request("GET", PATH, headers=SIGNED).status_code == 405


# What is accepted


@pytest.mark.parametrize(
	"payload",
	[
		{},
		{"message_handle": "x"},
		{"message_handle": "x", "from_number": "nobody", "content": "STOP"},
		{"message_handle": ["x"], "from_number": PHONE, "content": "STOP"},
		{"message_handle": "x", "from_number": PHONE, "content": {"STOP": 1}},
		{"message_handle": "x1", "from_number": PHONE, "content": "STOP", "is_outbound": True},
		{"event": "typing_indicator", "number": PHONE, "is_typing": True},
	],
)
def test_other_events_are_acknowledged_and_ignored(phoned, anonymous, payload):
	assert message(anonymous.request("POST", PATH, json=payload, headers=SIGNED)) == {"status": "ok"}
	assert switch(phoned) == "on"


@pytest.mark.parametrize(
	"content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain"]
)
def test_more_than_20_kb_is_413(phoned, anonymous, content_type):
	body = b'{"content": "STOP", "padding": "' + b"x" * 20_000 + b'"}'
	headers = {**SIGNED, "Content-Type": content_type}
	sentence = error(anonymous.request("POST", PATH, data=body, headers=headers), 413, "RequestTooLargeError")
	assert "at most 20000 bytes" in sentence


def test_the_121st_request_of_an_address_within_a_minute_is_429(anonymous, one_proxy, sendblue):
	guess = {"sb-signing-secret": "guess", "X-Forwarded-For": "203.0.113.9"}
	with ThreadPoolExecutor(8) as pool:
		answers = list(
			pool.map(lambda _try: anonymous.request("POST", PATH, json={}, headers=guess), range(124))
		)
	assert sorted(answer.status_code for answer in answers) == [401] * 120 + [429] * 4
	refused = next(answer for answer in answers if answer.status_code == 429)
	assert error(refused, 429, "RateLimitExceededError") == "Too many requests. Try again in 1 min."
	limits.lift()
	assert anonymous.request("POST", PATH, json={}, headers=guess).status_code == 401
