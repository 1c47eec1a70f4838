"""A vendor verifies a phone, over HTTP. Contract: the sendblue entry of "list_connections"."""

from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from tests.integrations.test_connections import ENTRY_KEYS, epoch
from tests.support import limits
from tests.support.http import error, message
from tests.support.sendblue import (
	KEY_ID,
	PHONE,
	RPC,
	SECRET_KEY,
	WEBHOOK_SECRET,
	code_in,
	configure,
	connect,
	entry,
	start,
	verify,
	wrong,
)

NO_CODE = "There is no code to enter, or it is older than 10 minutes. Ask for a new one."


def code_key(vendor) -> str:
	from medgrid.integrations.sendblue import codes

	return codes._key(vendor.user.email)


# What a vendor does


def test_the_right_code_connects_the_phone(vendor, sendblue):
	assert message(start(vendor, "(555) 123-4567")) == {
		"ok": True,
		"integration": "sendblue",
		"phone": PHONE,
		"expires_in": 600,
	}
	[text] = sendblue.sent(PHONE)
	assert text["content"].startswith(f"{code_in(sendblue)} is your MedGrid code, valid for 10 minutes.")
	assert entry(vendor)["status"] == "not_connected"
	assert message(verify(vendor, code_in(sendblue))) == {
		"ok": True,
		"integration": "sendblue",
		"status": "connected",
		"phone": PHONE,
	}


def test_a_connected_phone_is_listed_as_in_the_contract(vendor, sendblue):
	import time

	connect(vendor, sendblue)
	listed = entry(vendor)
	assert set(listed) == ENTRY_KEYS - {"credential_keys"}
	assert (listed["label"], listed["status"]) == ("SMS / iMessage support", "connected")
	assert listed["stats"] == {"verified_phone": PHONE, "alerts": "on"}
	assert (listed["last_error"], listed["has_credentials"]) == (None, False)
	assert abs(time.time() - epoch(listed["last_sync_at"])) < 120


def test_a_code_may_be_typed_in_two_halves(vendor, sendblue):
	message(start(vendor))
	code = code_in(sendblue)
	assert message(verify(vendor, f" {code[:3]}-{code[3:]} "))["ok"] is True


def test_disconnecting_removes_the_phone_and_twice_is_fine(vendor, sendblue):
	connect(vendor, sendblue)
	for _time in range(2):
		answer = vendor.caller.post("medgrid.integrations.disconnect", integration_type="sendblue")
		assert message(answer) == {"ok": True, "integration": "sendblue"}
		listed = entry(vendor)
		assert (listed["status"], listed["stats"]) == ("not_connected", {})
	frappe.db.rollback()
	kept = {"user": vendor.user.email, "verified_phone": ("is", "set")}
	assert not frappe.db.exists("Vendor Connection", kept)


def test_another_phone_replaces_the_first_one_only_when_it_is_verified(vendor, sendblue):
	connect(vendor, sendblue)
	message(start(vendor, "+13125550142"))
	assert entry(vendor)["stats"]["verified_phone"] == PHONE
	message(verify(vendor, code_in(sendblue, "+13125550142")))
	assert entry(vendor)["stats"]["verified_phone"] == "+13125550142"


def test_a_code_proves_the_number_that_it_was_sent_to(vendor, sendblue):
	"""A new number voids the code of the one before."""
	message(start(vendor))
	first = code_in(sendblue)
	message(start(vendor, "+13125550142"))
	second = code_in(sendblue, "+13125550142")
	if first != second:
		assert message(verify(vendor, first))["ok"] is False
	assert message(verify(vendor, second))["phone"] == "+13125550142"


def test_another_users_code_is_worth_nothing(vendor, other_vendor, sendblue):
	message(start(vendor))
	answer = message(verify(other_vendor, code_in(sendblue)))
	assert answer == {"ok": False, "error": NO_CODE, "status": "error"}
	assert message(verify(vendor, code_in(sendblue)))["ok"] is True


# Wrong codes


def test_a_wrong_code_is_answered_in_the_contracts_shape_with_the_tries_that_are_left(vendor, sendblue):
	message(start(vendor))
	answer = message(verify(vendor, wrong(code_in(sendblue))))
	assert answer == {"ok": False, "error": "This code is wrong. Tries left: 4.", "status": "error"}
	assert entry(vendor)["status"] == "not_connected"
	assert message(verify(vendor, code_in(sendblue)))["ok"] is True


def test_after_five_wrong_tries_even_the_right_code_is_refused(vendor, sendblue):
	message(start(vendor))
	code = code_in(sendblue)
	sentences = [message(verify(vendor, wrong(code)))["error"] for _try in range(5)]
	assert [sentence[-2:] for sentence in sentences[:4]] == ["4.", "3.", "2.", "1."]
	assert sentences[4] == "This code is wrong, and no tries are left. Ask for a new code."
	assert message(verify(vendor, code)) == {"ok": False, "error": NO_CODE, "status": "error"}
	message(start(vendor))
	assert message(verify(vendor, code_in(sendblue)))["ok"] is True


def test_tries_at_once_are_five_in_all(vendor, sendblue):
	message(start(vendor))
	code = code_in(sendblue)
	with ThreadPoolExecutor(8) as pool:
		answers = list(pool.map(lambda _try: message(verify(vendor, wrong(code))), range(16)))
	sentences = sorted(answer["error"] for answer in answers)
	judged = [sentence for sentence in sentences if sentence != NO_CODE]
	assert len(judged) == 5
	assert len(set(judged)) == 5
	assert message(verify(vendor, code))["ok"] is False


def test_a_code_is_good_once_even_for_two_at_once(vendor, sendblue):
	message(start(vendor))
	code = code_in(sendblue)
	with ThreadPoolExecutor(6) as pool:
		answers = list(pool.map(lambda _try: message(verify(vendor, code)), range(6)))
	assert sorted(answer["ok"] for answer in answers) == [False] * 5 + [True]
	assert frappe.db.count("Vendor Connection", {"user": vendor.user.email, "integration": "sendblue"}) == 1


def test_a_code_lives_ten_minutes(vendor, sendblue):
	message(start(vendor))
	assert 590 <= frappe.cache.ttl(code_key(vendor)) <= 600
	frappe.cache.expire(code_key(vendor), 0)
	assert message(verify(vendor, code_in(sendblue)))["error"] == NO_CODE


@pytest.mark.parametrize(
	"code",
	[
		"",
		"12345",
		"1234567",
		"12345a",
		"１２３４５６",
		"١٢٣٤٥٦",
		1234567,
		-123456,
		123456.5,
		True,
		None,
		["1"],
	],
)
def test_what_has_not_six_digits_is_400_and_no_try(vendor, sendblue, code):
	message(start(vendor))
	assert "code" in error(verify(vendor, code), 400, "ValidationError")
	assert message(verify(vendor, wrong(code_in(sendblue))))["error"].endswith("Tries left: 4.")


def test_codes_have_six_digits_leading_zeros_included(vendor, site):
	from medgrid.integrations.sendblue import codes

	secrets = [codes.issue(vendor.user.email, PHONE) for _code in range(400)]
	issued = [secret.get_secret_value() for secret in secrets]
	assert all(len(code) == 6 and code.isdecimal() for code in issued)
	assert any(code.startswith("0") for code in issued)
	assert len(set(issued)) > 390
	codes.forget(vendor.user.email, secrets[-1])
	assert frappe.cache.ttl(code_key(vendor)) == -2


# How often


def test_the_fourth_code_within_an_hour_is_429(vendor, sendblue):
	numbers = ["+13125550101", "+13125550102", "+13125550103", "+13125550104"]
	for number in numbers[:3]:
		message(start(vendor, number))
	sentence = error(start(vendor, numbers[3]), 429, "RateLimitExceededError")
	assert sentence == "Too many requests. Try again in 60 min."
	assert sendblue.sent(numbers[3]) == []


def test_a_number_gets_three_codes_an_hour_whoever_asks(vendor, other_vendor, sendblue):
	for _time in range(2):
		message(start(vendor))
	message(start(other_vendor, "1-555-123-4567"))
	error(start(other_vendor), 429, "RateLimitExceededError")
	error(start(vendor), 429, "RateLimitExceededError")
	assert len(sendblue.sent(PHONE)) == 3
	message(start(other_vendor, "+13125550142"))


@pytest.mark.parametrize("phone", [PHONE, "+442079460958"])
@pytest.mark.parametrize(
	"named", ["one number a day", "one Supplier a day", "country a day", "sendblue codes"]
)
def test_a_daily_limit_that_is_used_up_sends_no_code(vendor, sendblue, phone, named):
	from medgrid.core import rate_limits
	from medgrid.integrations.sendblue import verification

	counted = verification.uses(vendor.user.email, vendor.supplier, phone)
	limit, who = next((limit, who) for limit, who in counted if limit.name.endswith(named))
	for _use in range(limit.times):
		rate_limits.take((limit, who))
	answer = start(vendor, phone)
	error(answer, 429, "RateLimitExceededError")
	assert int(answer.headers["Retry-After"]) > 0
	assert sendblue.sent() == []


def test_a_country_where_few_vendors_are_gets_few_codes(vendor, site):
	from medgrid.integrations.sendblue.verification import PER_COUNTRY_A_DAY, PER_HOME_COUNTRY_A_DAY, uses

	def of_country(phone):
		return next((limit, who) for limit, who in uses("u", "s", phone) if "country" in limit.name)

	assert of_country(PHONE) == (PER_HOME_COUNTRY_A_DAY, "US")
	assert of_country("+442079460958") == (PER_COUNTRY_A_DAY, "GB")
	assert of_country("+18765551234") == (PER_COUNTRY_A_DAY, "JM")


def test_sendblue_is_not_asked_without_end_for_numbers_that_it_refuses(vendor, sendblue):
	from medgrid.integrations.sendblue.verification import ATTEMPTS

	sendblue.fault("status", status=400, times=None)
	for _time in range(ATTEMPTS.times):
		assert message(start(vendor))["ok"] is False
	error(start(vendor), 429, "RateLimitExceededError")


def test_requests_at_once_send_three_codes(vendor, sendblue):
	with ThreadPoolExecutor(8) as pool:
		statuses = list(pool.map(lambda _try: start(vendor).status_code, range(8)))
	assert sorted(statuses) == [200] * 3 + [429] * 5
	assert len(sendblue.sent(PHONE)) == 3


def test_an_hour_later_there_is_room_again(vendor, sendblue):
	from medgrid.integrations.sendblue.verification import PER_NUMBER, PER_USER

	for _time in range(3):
		message(start(vendor))
	for limit, who in ((PER_USER, vendor.user.email), (PER_NUMBER, PHONE)):
		key = limit.key(who)
		uses = frappe.cache.zrange(key, 0, -1, withscores=True)
		frappe.cache.zadd(key, {uses[0][0]: uses[0][1] - 3600_000})
	message(start(vendor))
	error(start(vendor), 429, "RateLimitExceededError")


# What else can go wrong


@pytest.mark.parametrize(
	"phone", ["", "no number", "123", "+1 900 234 5678", "1" * 41, None, 15551234567, ["+1"]]
)
def test_what_is_no_phone_is_400_and_names_the_field(vendor, sendblue, phone):
	assert "phone" in error(start(vendor, phone), 400, "ValidationError")
	assert sendblue.sent() == []


@pytest.mark.parametrize("missing", ["sendblue_api_key_id", "sendblue_api_secret_key"])
def test_without_settings_it_is_417_and_says_whom_the_vendor_asks(vendor, sendblue, missing):
	configure(**{missing: ""})
	sentence = error(start(vendor), 417, "ValidationError")
	assert sentence == "Text messages are not set up yet. Ask MedGrid to set up Sendblue."


def test_a_user_without_a_supplier_costs_no_message(customer, sendblue):
	answer = customer.post(f"{RPC}_start_verification", phone=PHONE)
	assert "belongs to no Supplier" in error(answer, 417, "ValidationError")
	assert sendblue.sent() == []


@pytest.mark.parametrize(("endpoint", "values"), [("start_verification", {"phone": PHONE}), ("verify", {})])
def test_a_guest_gets_401(anonymous, sendblue, endpoint, values):
	error(anonymous.post(f"{RPC}_{endpoint}", **values), 401, "AuthenticationError")


@pytest.mark.parametrize(
	("fault", "options", "sentence"),
	[
		("status", {"status": 401}, "Sendblue rejects MedGrid's API keys"),
		("status", {"status": 402}, "not paid for"),
		("status", {"status": 400}, "does not send to this number"),
		("too_many", {"seconds": 0.1}, "Sendblue is busy"),
		("status", {"status": 500}, "did not say whether the message was sent"),
	],
)
def test_a_sendblue_that_fails_is_a_clear_answer(vendor, sendblue, fault, options, sentence):
	sendblue.fault(fault, times=None, **options)
	answer = message(start(vendor))
	assert (answer["ok"], answer["status"]) == (False, "error")
	assert sentence in answer["error"]
	assert entry(vendor)["status"] == "not_connected"


@pytest.mark.parametrize("status", [400, 401])
def test_codes_that_were_certainly_not_sent_use_up_no_limit(vendor, sendblue, status):
	sendblue.fault("status", status=status, times=4)
	for _time in range(4):
		assert message(start(vendor))["ok"] is False
	assert message(start(vendor))["ok"] is True


def test_a_failed_send_voids_only_its_own_code(vendor, site):
	from medgrid.integrations.sendblue import codes

	first = codes.issue(vendor.user.email, PHONE)
	second = codes.issue(vendor.user.email, PHONE)
	if first != second:
		codes.forget(vendor.user.email, first)
	assert codes.verify(vendor.user.email, second).phone == PHONE


def test_a_code_that_arrives_after_a_lost_answer_is_good(vendor, sendblue):
	sendblue.fault("drop_after")
	assert message(start(vendor))["ok"] is False
	assert message(verify(vendor, code_in(sendblue)))["ok"] is True


# Secrets


def test_the_code_is_nowhere_but_in_the_message(vendor, sendblue):
	answer = start(vendor)
	code = code_in(sendblue)
	assert code not in answer.text
	kept = frappe.cache.execute_command("HGETALL", code_key(vendor))
	assert PHONE in str(kept)
	assert code not in str(kept)
	assert vendor.user.email not in code_key(vendor)


def test_nothing_that_is_logged_or_answered_names_a_secret(vendor, sendblue, manager):
	newest = frappe.db.get_value("Error Log", {}, "creation", order_by="creation desc") or "2000-01-01"
	answers = []
	for fault in (
		{"kind": "status", "status": 500},
		{"kind": "status", "status": 401},
		{"kind": "drop_after"},
	):
		sendblue.fault(**fault)
		answers.append(start(vendor).text)
		limits.lift()
	answers.append(verify(vendor, code_in(sendblue)).text)
	answers.append(manager.request("GET", "/api/resource/Medgrid Settings/Medgrid Settings").text)
	answers.append(vendor.caller.get("medgrid.integrations.list_connections").text)
	frappe.db.rollback()
	answers += frappe.get_all("Error Log", filters={"creation": (">", newest)}, pluck="error")
	for text in answers:
		assert SECRET_KEY not in text
		assert WEBHOOK_SECRET not in text
	assert not any(KEY_ID in text for text in answers[:4])


def test_the_from_number_is_kept_in_e164(sendblue, site):
	configure(sendblue_from_number="(512) 216-4639")
	assert frappe.db.get_single_value("Medgrid Settings", "sendblue_from_number") == "+15122164639"
	with pytest.raises(frappe.ValidationError, match="Sendblue From Number is not a phone number"):
		configure(sendblue_from_number="none")
