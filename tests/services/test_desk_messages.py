"""Whatever words a message quotes: Desk shows them as text, and a program gets them as they came."""

import json
from html import unescape
from urllib.parse import quote

import frappe
import pytest

from medgrid.api.routes.sentences import plain
from medgrid.services.desk_messages import as_message, refuse, show
from tests.support import people
from tests.support.http import Caller, error

# What runs in a browser, also what survives the removal of tags; and what is nothing but text.
WORDS = (
	"<img src=x onerror=alert(1)>",
	'<img src=x alt="<" onerror=alert(1)>',
	"<<b>img src=x onerror=alert(1)>",
	"<img src=x onerror=alert(1) ",
	"<svg onload=alert(1) a='<'>",
	"&lt;img src=x onerror=alert(1)&gt;",
	"<b>bold<b>",
	"a < b > c",
	"R&D",
	"R&amp;D",
	'O\'Neill "Labs"',
	"&#x3c;",
)
PATH = "/api/method/medgrid.no_such_"


@pytest.mark.parametrize("words", WORDS)
def test_a_message_has_no_tag_and_says_the_words(site, words):
	frappe.clear_messages()
	show(f"It is {words}!", alert=True)
	with pytest.raises(frappe.ValidationError):
		refuse(f"It is {words}.")
	texts = [entry["message"] for entry in frappe.get_message_log()]
	frappe.clear_messages()
	assert len(texts) == 2
	for text in texts:
		assert "<" not in text
		assert unescape(text)[:-1] == f"It is {words}"
		assert plain(text)[:-1] == f"It is {words}"


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("version", ["", "v1/"])
def test_a_program_gets_the_words_as_they_came(customer, words, version):
	path = PATH.replace("method", f"{version}method", 1) + quote(words, safe="")
	answer = customer.request("GET", path)
	sentence = f"There is no endpoint medgrid.no_such_{words}."
	assert error(answer, 404, "DoesNotExistError") == sentence
	assert answer.json()["exception"].endswith(f": {sentence}")


@pytest.mark.parametrize("words", WORDS)
def test_desk_gets_them_escaped(environment, words):
	desk = Caller(environment)
	desk.sign_in(people.manager())
	answer = desk.request("GET", PATH + quote(words, safe=""), headers={"X-Requested-With": "XMLHttpRequest"})
	[message] = json.loads(answer.json()["_server_messages"])
	assert message["message"] == as_message(f"There is no endpoint medgrid.no_such_{words}.")
	assert "<" not in message["message"]
