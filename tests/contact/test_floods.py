"""Floods of the contact form: a limit costs whoever floods, not the others, and the queue has an end."""

import frappe
import pytest

from medgrid import contact_api
from medgrid.contact import queue
from medgrid.contact.queue import DOCTYPE, MAX_WAITING
from tests.support import limits
from tests.support.contact_form import ANSWER, fill, leads, send, send_all
from tests.support.http import error, message
from tests.support.waiting import wait_for_jobs

TRIES, ALLOWED = 24, 20


def one_sender(sender, n):
	return f"{sender}@example.com"


def one_sender_in_capitals(sender, n):
	return f"{sender[:n].upper()}{sender[n:]}@example.com"


def one_mailbox(sender, n):
	return f"{sender}+{n}@example.com"


def many_senders(sender, n):
	return f"{sender}.{n}@example.com"


IPV6_SPELLINGS = ("2001:db8:1:2::1", "2001:0DB8:0001:0002::2", "[2001:db8:1:2::3]:443")
IPV4_SPELLINGS = ("203.0.113.7", "::ffff:203.0.113.7", "203.0.113.7:4711")
# id: (trusted proxies, X-Forwarded-For of the n-th message, e-mail address of the n-th, Leads in the end)
FLOODS = {
	"many addresses, one sender": (1, lambda n: f"203.0.113.{n}", one_sender, 1),
	"many addresses, one sender in capitals": (1, lambda n: f"203.0.113.{n}", one_sender_in_capitals, 1),
	"many addresses, one mailbox": (1, lambda n: f"203.0.113.{n}", one_mailbox, 1),
	"one address, one sender": (1, lambda n: "203.0.113.7", one_sender, 1),
	"one address, many senders": (1, lambda n: "203.0.113.7", many_senders, ALLOWED),
	"IPv6 neighbours": (1, lambda n: f"2001:db8:1:2:{n:x}::{n:x}", many_senders, ALLOWED),
	"IPv6 neighbours, other spellings": (1, lambda n: IPV6_SPELLINGS[n % 3], many_senders, ALLOWED),
	"IPv4 in other spellings": (1, lambda n: IPV4_SPELLINGS[n % 3], many_senders, ALLOWED),
	"a forged beginning": (1, lambda n: f"198.51.100.{n}, 203.0.113.7", many_senders, ALLOWED),
	"a forged beginning, two proxies": (
		2,
		lambda n: f"198.51.100.{n}, 203.0.113.7, 10.0.0.9",
		many_senders,
		ALLOWED,
	),
	"a forged header without a proxy": (0, lambda n: f"198.51.100.{n}", many_senders, ALLOWED),
	"a header that is no address": (1, lambda n: f"address-{n}", many_senders, ALLOWED),
}


@pytest.fixture
def proxies(site):
	from tests.support.proxies import trust

	before = trust(0)
	yield trust
	trust(before)


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_is_stopped_after_20_messages_and_others_go_on(
	anonymous, contact_form, proxies, sender, flood
):
	number, route, address, leads_made = FLOODS[flood]
	proxies(number)
	visits = [{"address": address(sender, n), "route": route(n)} for n in range(1, TRIES + 1)]
	answers = send_all(anonymous, visits)
	assert sorted(answer.status_code for answer in answers) == [200] * ALLOWED + [429] * (TRIES - ALLOWED)
	refused = next(answer for answer in answers if answer.status_code == 429)
	error(refused, 429, "RateLimitExceededError")
	assert 3000 < int(refused.headers["Retry-After"]) <= 3600
	assert len(leads(f"{sender}%")) == leads_made
	if number:
		honest = send(anonymous, f"honest.{sender}@example.com", route="192.0.2.55, 192.0.2.56, 192.0.2.57")
		assert message(honest) == ANSWER
		assert len(leads(f"honest.{sender}@example.com")) == 1


def test_a_mailbox_gets_one_lead_a_day_and_its_comments_name_the_address(
	anonymous, contact_form, sender, site
):
	for tag in ("", "+2"):
		message(send(anonymous, f"{sender}{tag}@example.com"))
		wait_for_jobs()
	[lead] = leads(f"{sender}%")
	assert f"{sender}+2@example.com" in contact_form.comments(lead.name)[1]
	yesterday = frappe.utils.add_to_date(None, hours=-25)
	site.db.set_value("Lead", lead.name, "creation", yesterday, update_modified=False)
	site.db.commit()
	message(send(anonymous, f"{sender}+2@example.com"))
	assert [found.email_id for found in leads(f"{sender}%")] == [
		f"{sender}@example.com",
		f"{sender}+2@example.com",
	]


def test_wildcards_in_an_address_find_no_lead_of_somebody_else(anonymous, contact_form, sender):
	for address in (f"{sender}x+1@example.com", f"{sender}_+1@example.com", f"{sender}%+1@example.com"):
		message(send(anonymous, address))
		wait_for_jobs()
	assert len(leads(f"{sender}%")) == 3


# The queue


@pytest.mark.parametrize("held", [False, True], ids=["waiting", "held"])
def test_beyond_5000_messages_the_form_answers_503_and_stores_nothing(anonymous, contact_form, sender, held):
	fill(MAX_WAITING, held=held)
	if held:
		limits.exhaust(contact_api.OVERALL, "everybody")
	for _time in range(2):
		answer = send(anonymous, f"{sender}@example.com")
		sentence = error(answer, 503, "BusyError")
		assert sentence == "Too many messages are waiting to be read. Try again in some minutes."
		assert answer.headers["Retry-After"] == str(queue.FULL_SECONDS)
	assert contact_form.stored(sender) == []
	assert leads(f"{sender}%") == []
	assert frappe.db.count(DOCTYPE) == MAX_WAITING


def test_a_flood_that_is_held_does_not_close_the_form_for_the_next_hour(anonymous, contact_form, sender):
	fill(MAX_WAITING, held=True)
	assert message(send(anonymous, f"{sender}@example.com")) == ANSWER
	assert len(leads(f"{sender}%")) == 1


def test_visitors_who_come_at_once_do_not_take_more_than_the_last_place(
	anonymous, contact_form, one_proxy, sender
):
	"""They are held, so that no job makes room in the meantime."""
	fill(MAX_WAITING - 1, held=True)
	limits.exhaust(contact_api.OVERALL, "everybody")
	visits = [{"address": f"{sender}.{n}@example.com", "route": f"203.0.113.{n}"} for n in range(16)]
	answers = send_all(anonymous, visits)
	assert sorted(answer.status_code for answer in answers) == [200] + [503] * 15
	assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 503)
	frappe.db.rollback()
	assert frappe.db.count(DOCTYPE) == MAX_WAITING


# Who fills in the honeypot


def test_what_fills_in_the_honeypot_is_dropped_above_500_an_hour_and_answered_alike(
	anonymous, contact_form, sender
):
	fill(MAX_WAITING, held=False)
	trap = {"address": f"{sender}@example.com", "website": "x"}
	error(send(anonymous, **trap), 503, "BusyError")
	limits.exhaust(contact_api.TRAPPED, "everybody")
	assert message(send(anonymous, **trap)) == ANSWER
	frappe.db.rollback()
	assert frappe.db.count(DOCTYPE) == MAX_WAITING
