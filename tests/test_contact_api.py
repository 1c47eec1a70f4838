"""The website's contact form, over HTTP. Contract: "Public Endpoints"."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from medgrid.core.redis_keys import redis_key
from medgrid.core.waiting.locks import redis_lock
from medgrid.exceptions import Busy
from tests.support import limits
from tests.support.http import error, message
from tests.support.waiting import wait_for, wait_for_jobs

PATH = "/api/method/medgrid.contact_api.submit_contact_form"
ANSWER = {"ok": True, "message": "Thank you for your message. We will get back to you."}
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(autouse=True)
def without_limits(site):
	limits.lift()
	yield
	limits.lift()


@pytest.fixture
def email(site):
	"""An address that nobody has used. Its Lead stays: Frappe gives a deleted one's name to the next."""
	return f"mgt.visitor.{secrets.token_hex(5)}@example.com"


def form(address, **changes) -> dict:
	return {"name": "Ada Byron King", "email": address, "message": "Do you ship to Alaska?", **changes}


def send(caller, address, **changes):
	return caller.request("POST", PATH, json=form(address, **changes))


def leads(email) -> list:
	wait_for_jobs()
	frappe.db.rollback()
	fields = ["name", "lead_name", "email_id", "company_name", "phone", "status", "lead_owner", "owner"]
	return frappe.get_all("Lead", filters={"email_id": email}, fields=fields)


def comments(lead: str) -> list[str]:
	wait_for_jobs()
	frappe.db.rollback()
	filters = {"reference_doctype": "Lead", "reference_name": lead, "comment_type": "Comment"}
	return frappe.get_all("Comment", filters=filters, order_by="creation", pluck="content")


# What becomes of a message


def test_a_message_becomes_a_lead_with_the_message_as_a_comment(anonymous, email):
	details = {"phone": "+1 (312) 555-0142", "company": "Analytical Engines", "subject": "Shipping"}
	assert message(send(anonymous, email, **details)) == ANSWER
	[lead] = leads(email)
	assert (lead.lead_name, lead.email_id, lead.status) == ("Ada Byron King", email, "Lead")
	assert (lead.company_name, lead.phone) == ("Analytical Engines", "+1 (312) 555-0142")
	assert not lead.lead_owner
	[comment] = comments(lead.name)
	for text in ("Shipping", "Do you ship to Alaska?", "Ada Byron King", "Analytical Engines", "555-0142"):
		assert text in comment


def test_three_fields_are_enough(anonymous, email):
	assert message(send(anonymous, email)) == ANSWER
	assert len(leads(email)) == 1


def test_a_form_encoded_message_is_as_good(anonymous, email):
	answer = anonymous.request("POST", PATH, data=form(email, phone="", company="", subject=""))
	assert message(answer) == ANSWER
	assert len(leads(email)) == 1


def test_later_messages_are_comments_on_the_same_lead_whatever_the_case_of_the_address(anonymous, email):
	send(anonymous, email, message="first")
	wait_for_jobs()
	assert message(send(anonymous, f"  {email.upper()} ", name="A. King", message="second")) == ANSWER
	[lead] = leads(email)
	assert lead.lead_name == "Ada Byron King"
	first, second = comments(lead.name)
	assert "first" in first
	assert "second" in second
	assert "A. King" in second


def test_two_messages_at_once_make_one_lead(anonymous, email):
	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(lambda number: send(anonymous, email, message=f"no. {number}"), range(4)))
	assert [message(answer) for answer in answers] == [ANSWER] * 4
	[lead] = leads(email)
	assert len(comments(lead.name)) == 4


def test_visitors_with_one_name_and_different_addresses_are_different_leads(anonymous, site):
	name = f"Same {secrets.token_hex(4)}"
	addresses = [f"mgt.same.{secrets.token_hex(4)}@example.com" for _visitor in range(5)]
	with ThreadPoolExecutor(5) as pool:
		answers = list(pool.map(lambda address: send(anonymous, address, name=name), addresses))
	assert [message(answer) for answer in answers] == [ANSWER] * 5
	assert [len(leads(address)) for address in addresses] == [1] * 5


def test_a_lead_that_the_office_made_gets_the_comment(anonymous, email):
	lead = frappe.get_doc({"doctype": "Lead", "lead_name": "By Hand", "email_id": email.title()}).insert()
	frappe.db.commit()
	assert message(send(anonymous, email)) == ANSWER
	assert [found.name for found in leads(email)] == [lead.name]
	assert len(comments(lead.name)) == 1


def test_of_several_leads_with_one_address_the_oldest_gets_the_comment(anonymous, email):
	frappe.db.set_single_value("CRM Settings", "allow_lead_duplication_based_on_emails", 1)
	try:
		document = {"doctype": "Lead", "lead_name": "Twin", "email_id": email}
		oldest, newest = (frappe.get_doc(document).insert() for _twin in range(2))
		frappe.db.commit()
		assert message(send(anonymous, email)) == ANSWER
	finally:
		frappe.db.set_single_value("CRM Settings", "allow_lead_duplication_based_on_emails", 0)
		frappe.db.commit()
	assert (len(comments(oldest.name)), len(comments(newest.name))) == (1, 0)


def test_a_lead_that_somebody_makes_in_that_moment_gets_the_comment(email, monkeypatch):
	from medgrid.contact import leads as domain
	from medgrid.contact.message import ContactMessage

	lead = frappe.get_doc({"doctype": "Lead", "lead_name": "In Between", "email_id": email}).insert()
	frappe.db.commit()
	find, not_yet = domain._find, [None]
	monkeypatch.setattr(domain, "_find", lambda address: not_yet.pop() if not_yet else find(address))
	domain.record(ContactMessage("Ada King", email, "", "", "", "Just now"))
	assert [found.name for found in leads(email)] == [lead.name]
	assert len(comments(lead.name)) == 1


def test_a_worker_that_died_in_the_middle_blocks_its_address_only_for_a_while(email, site, monkeypatch):
	from medgrid.contact import leads as domain
	from medgrid.contact.message import ContactMessage

	monkeypatch.setattr(domain, "WAIT_SECONDS", 0.2)
	words = ContactMessage("Ada King", email, "", "", "", "Hello")
	key = redis_key("lead", site.conf.db_name, hashed=email)
	with redis_lock(frappe.cache, key, seconds=1, wait_seconds=0):
		with pytest.raises(Busy):
			domain.record(words)
		monkeypatch.setattr(domain, "WAIT_SECONDS", 30)
		domain.record(words)
	assert len(leads(email)) == 1


# Nobody learns anything


def test_the_answer_does_not_wait_for_a_leads_picture(anonymous, email, environment):
	"""ERPNext asks gravatar.com for it, for up to 5 seconds: a worker does, and the answers are alike."""
	answers = []
	for _time in range(3):
		answer = send(anonymous, email)
		answers.append((answer.status_code, answer.content))
		frappe.db.rollback()
		wait_for_jobs()
	assert set(answers) == {(200, answers[0][1])}
	assert len(comments(leads(email)[0].name)) == 3


def test_the_request_only_stores_the_message_and_a_job_records_it(email, site, monkeypatch):
	from medgrid.contact import inbox
	from medgrid.contact.message import ContactMessage

	queued = []
	monkeypatch.setattr(frappe, "enqueue", lambda method, **options: queued.append((method, options)))
	inbox.put(ContactMessage("Ada King", email, "", "", "", "Between us"))
	frappe.db.commit()
	assert leads(email) == []
	[(method, options)] = queued
	assert (method, "Between us" in str(options), email in str(options)) == (
		"medgrid.contact.inbox.deliver",
		False,
		False,
	)
	for _twice in range(2):
		inbox.deliver(options["name"])
	assert len(comments(leads(email)[0].name)) == 1
	assert not frappe.db.exists(inbox.DOCTYPE, options["name"])


def test_a_message_whose_worker_died_is_recorded_by_the_hourly_job(email, site, monkeypatch):
	from medgrid.contact import inbox
	from medgrid.contact.message import ContactMessage

	with monkeypatch.context() as queue:
		queue.setattr(frappe, "enqueue", lambda *_arguments, **_options: None)
		inbox.put(ContactMessage("Ada King", email, "", "", "", "Hello"))
		frappe.db.commit()
	inbox.deliver_overdue()
	assert leads(email) == []
	monkeypatch.setattr(inbox, "OVERDUE_MINUTES", -1)
	inbox.deliver_overdue()
	assert len(leads(email)) == 1


def test_a_message_that_failed_for_a_day_is_tried_daily_until_it_is_on_a_lead(email, site, monkeypatch):
	from medgrid.contact import inbox
	from medgrid.contact.message import ContactMessage

	with monkeypatch.context() as queue:
		queue.setattr(frappe, "enqueue", lambda *_arguments, **_options: None)
		name = inbox.put(ContactMessage("Ada King", email, "", "", "", "Hello"))
		frappe.db.commit()
	long_ago = frappe.utils.add_to_date(None, days=-3)
	site.db.set_value(inbox.DOCTYPE, name, {"failures": inbox.HOURLY_TRIES, "creation": long_ago})
	site.db.commit()
	inbox.deliver_overdue()
	assert leads(email) == [], "tried within a day"
	modified = frappe.utils.add_to_date(None, hours=-25)
	site.db.set_value(inbox.DOCTYPE, name, "modified", modified, update_modified=False)
	site.db.commit()
	inbox.deliver_overdue()
	assert len(leads(email)) == 1


@pytest.mark.parametrize("name", ["New Contact", "New Contact Lens Ltd", "Contact"])
def test_a_name_that_frappe_forbids_its_documents_is_a_lead_all_the_same(anonymous, email, name):
	assert message(send(anonymous, email, name=name)) == ANSWER
	assert name in leads(email)[0].lead_name


def test_a_filled_honeypot_is_answered_like_a_success_and_stores_nothing(anonymous, email):
	honest = send(anonymous, f"other.{email}")
	trapped = send(anonymous, email, website="https://spam.example")
	assert (trapped.status_code, trapped.content) == (honest.status_code, honest.content)
	assert leads(email) == []
	assert len(leads(f"other.{email}")) == 1


def test_a_guest_reads_no_leads(anonymous, email):
	send(anonymous, email)
	[lead] = leads(email)
	assert anonymous.request("GET", f"/api/resource/Lead/{lead.name}").status_code in (401, 403)


def test_a_fault_of_ours_loses_nothing_and_logs_none_of_the_visitors_words(anonymous, email):
	"""A site whose Leads cannot have the default status: no Lead can be made."""
	from frappe.custom.doctype.property_setter.property_setter import make_property_setter

	from medgrid.contact import inbox

	options = {"property_type": "Text", "validate_fields_for_doctype": False}
	setter = make_property_setter("Lead", "status", "options", "Open\nReplied", **options)
	frappe.db.commit()
	newest = frappe.db.get_value("Error Log", {}, "name", order_by="creation desc")
	words = f"secret ailment {secrets.token_hex(6)}"
	try:
		assert message(send(anonymous, email, message=words)) == ANSWER
		wait_for(lambda: _waiting(email).failures)
		waiting = _waiting(email)
		assert leads(email) == []
	finally:
		setter.delete()
		frappe.clear_cache(doctype="Lead")
		frappe.db.commit()
	log = frappe.get_all("Error Log", fields=["name", "method", "error"], order_by="creation desc", limit=5)
	assert log[0].name != newest
	subject = "MedGrid: A message of the contact form did not become a Lead"
	assert (log[0].method, "leads.py" in log[0].error) == (subject, True)
	assert not [entry for entry in log if words in entry.error or email in entry.error]
	assert (waiting.failures, words in waiting.fault) == (1, False)
	inbox.deliver(waiting.name)
	[lead] = leads(email)
	assert words in comments(lead.name)[0]


def _waiting(email: str):
	"""The one message of this address that is not on its Lead, as the database has it now."""
	frappe.db.rollback()
	fields = ["name", "fault", "failures"]
	[row] = frappe.get_all("Contact Message", {"words": ("like", f"%{email}%")}, fields)
	return row


# Hostile input


def test_html_is_shown_as_text_everywhere(anonymous, email):
	changes = {"name": f"Eve {SCRIPT}", "company": SCRIPT, "subject": SCRIPT, "message": f"1 < 2\n{SCRIPT}"}
	assert message(send(anonymous, email, **changes)) == ANSWER
	[lead] = leads(email)
	document = frappe.get_doc("Lead", lead.name)
	for field in document.meta.get("fields"):
		assert not re.search("<[a-z]", str(document.get(field.fieldname) or "")), field.fieldname
	[comment] = comments(lead.name)
	assert "&lt;script&gt;alert(1)&lt;/script&gt;" in comment
	assert "1 &lt; 2<br>" in comment
	assert not re.search(r"<\s*(script|img)", comment)
	contacts = frappe.get_all(
		"Contact", filters={"email_id": email}, fields=["name", "first_name", "company_name"]
	)
	assert "<" not in str(contacts)


def test_mentions_and_templates_in_a_message_are_only_text(anonymous, email):
	text = '{{ frappe.session.user }} <span class="mention" data-id="Administrator">@Administrator</span>'
	assert message(send(anonymous, email, message=text)) == ANSWER
	[comment] = comments(leads(email)[0].name)
	assert "{{ frappe.session.user }}" in comment
	assert "<span" not in comment
	mention = {"document_type": "Lead", "document_name": leads(email)[0].name}
	assert not frappe.db.exists("Notification Log", mention)


@pytest.mark.parametrize("field", ["name", "email", "phone", "company", "subject"])
@pytest.mark.parametrize("evil", ["\r\nBcc: everybody@example.com", "\nX", "\rX", "\x00X", "\u2028X"])
def test_a_line_break_in_a_single_line_is_400_and_names_the_field(anonymous, email, field, evil):
	value = {**form(email), "phone": "1", "company": "C", "subject": "S"}[field]
	answer = send(anonymous, email, **{field: value + evil})
	assert field in error(answer, 400, "ValidationError")
	assert leads(email) == []


@pytest.mark.parametrize(
	"bad",
	[
		"",
		"   ",
		"nobody",
		"@example.com",
		"a@b",
		"a@b..com",
		"a b@example.com",
		"a@example.com, b@example.com",
		"Eve <eve@example.com>",
		"<eve@example.com>",
		"ünï@example.com",
		"a@exämple.com",
		"a@-example.com",
		"a@example.com\u200b",
		".a@example.com",
		f"{'a' * 140}@example.com",
		["a@example.com"],
		{"$ne": ""},
		17,
		None,
		True,
	],
)
def test_what_is_no_email_address_is_400_and_names_the_field(anonymous, site, bad):
	assert "email" in error(send(anonymous, bad), 400, "ValidationError")


@pytest.mark.parametrize("good", ["o'neil+web@sub.example.co.uk", "x@xn--bcher-kva.example", "1@2.example"])
def test_unusual_addresses_are_accepted(anonymous, site, good):
	assert message(send(anonymous, good)) == ANSWER
	assert len(leads(good)) == 1


@pytest.mark.parametrize("field", ["name", "email", "message"])
@pytest.mark.parametrize("value", ["", " \n ", None])
def test_a_missing_or_blank_field_is_400_and_named(anonymous, email, field, value):
	values = form(email, **{field: value})
	if value is None:
		del values[field]
	assert field in error(anonymous.request("POST", PATH, json=values), 400, "ValidationError")
	assert leads(email) == []


@pytest.mark.parametrize(
	("field", "value"),
	[
		("name", "x" * 101),
		("company", "x" * 141),
		("subject", "x" * 141),
		("phone", "1" * 21),
		("phone", "call me"),
		("message", "bell\x07"),
		("message", "null\x00"),
		("message", ["a"]),
		("name", {"a": 1}),
	],
)
def test_other_nonsense_is_400_and_names_the_field(anonymous, email, field, value):
	assert field in error(send(anonymous, email, **{field: value}), 400, "ValidationError")
	assert leads(email) == []


@pytest.mark.parametrize(
	"name",
	["\u200b", "\u202e\u2066", "=1+1", "123 456", "…", "\u3164", "\u115f \u1160", "🩹", "\u0301"],
)
def test_a_name_without_a_letter_is_400(anonymous, email, name):
	assert "name" in error(send(anonymous, email, name=name), 400, "ValidationError")
	assert leads(email) == []


@pytest.mark.parametrize("name", ["李", "Ж", "ا", "X Æ A-12", "O'Neill"])
def test_a_name_of_one_letter_of_any_script_is_accepted(anonymous, email, name):
	assert message(send(anonymous, email, name=name)) == ANSWER
	assert leads(email)[0].lead_name == name


HIDDEN = "\u202e\u2066\u200b\u00ad\ufeff\u061c\u200f\U000e0041"


def test_characters_that_turn_text_around_or_have_no_width_are_removed(anonymous, email):
	dirty = {
		"name": "evil",
		"phone": "+1 312",
		"company": "Acme",
		"subject": "Sub",
		"message": "first\nsecond",
	}
	hidden = {field: f"{HIDDEN}{text[:2]}{HIDDEN}{text[2:]}{HIDDEN}" for field, text in dirty.items()}
	assert message(send(anonymous, email, **hidden)) == ANSWER
	[lead] = leads(email)
	assert (lead.lead_name, lead.phone, lead.company_name) == ("evil", "+1 312", "Acme")
	[comment] = comments(lead.name)
	assert "<strong>Sub</strong>" in comment
	assert "first<br>second" in comment
	assert not set(HIDDEN) & set(comment)


@pytest.mark.parametrize("field", ["name", "message"])
def test_what_is_blank_without_them_is_400(anonymous, email, field):
	assert field in error(send(anonymous, email, **{field: f" {HIDDEN} "}), 400, "ValidationError")
	assert leads(email) == []


def test_text_of_all_the_world_arrives_as_it_was_written(anonymous, email):
	text = "Größe 🩹 日本語 عربى می\u200cخواهم 👩\u200d⚕️\nsecond line\n\ttab"
	assert message(send(anonymous, email, name="Łukasz Ødegård", message=text)) == ANSWER
	[lead] = leads(email)
	assert lead.lead_name == "Łukasz Ødegård"
	[comment] = comments(lead.name)
	assert "Größe 🩹 日本語 عربى می\u200cخواهم 👩\u200d⚕️<br>second line" in comment


def test_a_broken_body_is_400(anonymous):
	headers = {"Content-Type": "application/json"}
	for body in (b"{", b"[]", b'"text"', b"\xff\xfe", b'{"name": "\\ud800"}'):
		error(anonymous.request("POST", PATH, data=body, headers=headers), 400, "ValidationError")


def test_only_post_is_accepted(anonymous, email):
	assert anonymous.request("GET", PATH, params=form(email)).status_code == 405
	assert leads(email) == []


# Limits


@pytest.mark.parametrize("encoding", ["json", "data", "files", "query"])
def test_a_body_of_more_than_10_kb_is_400_in_whatever_encoding(anonymous, email, encoding):
	if encoding == "query":
		options = {"params": {"padding": "x" * 2000}, "json": form(email, message="x" * 8500)}
	elif encoding == "files":
		options = {"data": form(email), "files": {"attachment": b"x" * 10_000}}
	else:
		options = {encoding: form(email, padding="x" * 10_000)}
	sentence = error(anonymous.request("POST", PATH, **options), 400, "ValidationError")
	assert "at most 10000 bytes" in sentence
	assert leads(email) == []


def test_a_long_message_that_fits_is_kept_whole(anonymous, email):
	text = "word " * 1900
	assert message(send(anonymous, email, message=text)) == ANSWER
	[comment] = comments(leads(email)[0].name)
	assert comment.count("word") == 1900


def test_the_21st_message_of_an_address_within_an_hour_is_429_and_another_address_goes_on(
	anonymous, one_proxy, email
):
	from medgrid import contact_api
	from medgrid.core import rate_limits

	spammer, neighbour = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "203.0.113.8"}
	trap = form(email, website="x")
	with ThreadPoolExecutor(8) as pool:
		tries = [
			pool.submit(anonymous.request, "POST", PATH, json=trap, headers=spammer) for _try in range(24)
		]
		answers = [done.result() for done in tries]
	assert sorted(answer.status_code for answer in answers) == [200] * 20 + [429] * 4
	refused = next(answer for answer in answers if answer.status_code == 429)
	sentence = error(refused, 429, "RateLimitExceededError")
	assert sentence == "Too many requests. Try again in 60 min."
	assert anonymous.request("POST", PATH, json=trap, headers=neighbour).status_code == 200
	assert rate_limits.prefix() in contact_api.PER_ADDRESS.key("x")


def test_neighbours_in_one_ipv6_network_share_their_limit(anonymous, one_proxy, email):
	trap = form(email, website="x")
	with ThreadPoolExecutor(8) as pool:
		tries = [
			pool.submit(
				anonymous.request, "POST", PATH, json=trap, headers={"X-Forwarded-For": f"2001:db8:1:2::{n}"}
			)
			for n in range(1, 22)
		]
		statuses = sorted(done.result().status_code for done in tries)
	assert statuses == [200] * 20 + [429]


def test_what_is_above_the_limit_of_all_addresses_is_held_and_not_refused(anonymous, email):
	from medgrid import contact_api
	from medgrid.core import rate_limits

	for _message in range(contact_api.OVERALL.times):
		rate_limits.take((contact_api.OVERALL, "everybody"))
	assert message(send(anonymous, email)) == ANSWER
	assert leads(email) == []
	held = frappe.get_all("Contact Message", {"words": ("like", f"%{email}%")}, ["name", "held"])
	assert [row.held for row in held] == [1]
	frappe.delete_doc("Contact Message", held[0].name)
	frappe.db.commit()


def test_what_fills_the_honeypot_uses_up_nobody_elses_quota(anonymous, email):
	from medgrid import contact_api

	send(anonymous, email, website="x")
	assert frappe.cache.zcard(contact_api.OVERALL.key("everybody")) == 0
	assert frappe.cache.zcard(contact_api.PER_EMAIL.key(email)) == 0


def test_the_21st_message_for_an_email_address_within_an_hour_is_429_from_wherever(anonymous, email):
	from medgrid import contact_api
	from medgrid.core import rate_limits

	for _message in range(contact_api.PER_EMAIL.times):
		rate_limits.take((contact_api.PER_EMAIL, email))
	error(send(anonymous, email.upper()), 429, "RateLimitExceededError")
	assert leads(email) == []


def test_addresses_are_kept_in_redis_as_hashes_only(anonymous, email):
	from medgrid.core import rate_limits

	send(anonymous, email)
	keys = [key.decode() for key in frappe.cache.scan_iter(f"{rate_limits.prefix()}*")]
	assert len(keys) == 3
	assert not [key for key in keys if "127.0.0.1" in key or email in key]


# No thread waits


@pytest.mark.parametrize("website", ["", "https://spam.example"])
def test_the_contact_form_neither_sleeps_nor_delivers_in_the_thread(waits, email, website):
	from medgrid.contact import inbox

	anonymous = waits.caller()
	key = redis_key("lead", frappe.conf.db_name, hashed=email)
	frappe.cache.set(key, "somebody", ex=60)
	try:
		answer, noted = waits.observe(lambda: send(anonymous, email, website=website))
	finally:
		frappe.cache.delete(key)
	assert message(answer)["ok"] is True
	assert noted.waited == 0
	wait_for_jobs()
	frappe.db.rollback()
	assert frappe.db.count(inbox.DOCTYPE, {"words": inbox.NOTHING}) == 0


def test_the_form_does_the_same_whatever_is_in_it(site, waits, monkeypatch):
	"""One row and one job, for a known address, a new one and a filled honeypot."""
	from medgrid.contact import inbox
	from medgrid.contact.message import ContactMessage

	queued = []
	monkeypatch.setattr(frappe, "enqueue", lambda method, **options: queued.append(method))
	before = frappe.db.count(inbox.DOCTYPE)
	for message_ in (ContactMessage("Ada King", "new@example.com", "", "", "", "Hello"), None):
		inbox.put(message_)
		frappe.db.commit()
	assert queued == ["medgrid.contact.inbox.deliver"] * 2
	assert frappe.db.count(inbox.DOCTYPE) == before + 2
	nothing = frappe.get_all(inbox.DOCTYPE, {"words": inbox.NOTHING}, pluck="name")
	for name in frappe.get_all(inbox.DOCTYPE, pluck="name"):
		inbox.deliver(name)
	assert len(nothing) == 1
	assert not frappe.db.exists(inbox.DOCTYPE, nothing[0])
