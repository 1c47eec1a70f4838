"""The portal in another language: Frappe's own extractor finds each sentence, and the pages say it."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.portal.test_pages import PAGES
from tests.support import people
from tests.support.http import Caller, message
from tools import translations

LANGUAGE = "is"
# What is no sentence: names, samples of values, the command, the dash of a count that is not known yet.
NAMES = {"MedGrid", "–", "••••••••••••••••", "+1 555 123 4567", "your-store.myshopify.com", "USD"}
SPOKEN_ATTRIBUTES = ("aria-label", "placeholder", "alt")


def marked(text: str) -> str:
	return f"⟦{text}⟧"


def extracted() -> set[str]:
	"""What Frappe's extractor finds in the portal's and the integrations' sources."""
	from frappe import flags
	from frappe.translate import get_server_messages

	flags.scanned_files = set()
	return {found[1] for found in get_server_messages("medgrid")}


class Spoken(HTMLParser):
	"""What a page says: its texts and spoken attributes, without scripts, times and commands."""

	SILENT = ("script", "style", "time", "code", "option")

	def __init__(self, page: str):
		super().__init__()
		self.open: list[str] = []
		self.sentences: list[str] = []
		self.texts: dict[str, str] = {}
		self.feed(page)

	def handle_starttag(self, tag, attributes):
		if tag not in ("meta", "link", "img", "input", "br"):
			self.open.append(tag)
		given = dict(attributes)
		self.sentences += [given[name] for name in SPOKEN_ATTRIBUTES if given.get(name)]
		self.holds_texts = given.get("id") == "portal-texts"

	def handle_endtag(self, tag):
		if tag in self.open:
			while self.open.pop() != tag:
				pass

	def handle_data(self, data):
		if self.open and self.open[-1] == "script" and self.holds_texts:
			self.texts = json.loads(data)
		elif data.strip() and not set(self.open) & set(self.SILENT):
			self.sentences.append(data.strip())


@pytest.fixture
def speaking(site, connected):
	"""The vendor reads a language in which each sentence that the extractor finds stands in brackets."""
	filters = {"language": LANGUAGE}
	site.db.delete("Translation", filters)
	for text in extracted():
		if len(text) < 300:
			values = {"source_text": text, "translated_text": marked(text), **filters}
			site.get_doc({"doctype": "Translation", **values}).insert()
	site.db.commit()
	people.change(connected.user.email, language=LANGUAGE)
	site.translate.clear_cache()
	yield connected
	site.db.rollback()
	site.db.delete("Translation", filters)
	site.db.commit()
	people.change(connected.user.email, language=None)
	site.translate.clear_cache()


def leaves(texts) -> list[str]:
	"""The sentences of nested texts."""
	if not isinstance(texts, dict):
		return [texts]
	return [sentence for group in texts.values() for sentence in leaves(group)]


def test_frappes_extractor_finds_all_that_the_registry_says(site):
	from medgrid.integrations.registry import REGISTRY

	texts: list[Any] = [
		text
		for entry in REGISTRY.values()
		for text in (entry.label, entry.tagline, *entry.what_we_push, *entry.what_we_pull)
	]
	said = {text.msg for text in texts}
	assert len(said) > 12
	assert said - extracted() == set()


@pytest.fixture
def session(speaking, environment):
	"""The vendor, signed in by password: with a token, Frappe speaks the site's language."""
	caller = Caller(environment)
	caller.sign_in(speaking.user)
	return caller


def test_every_sentence_of_the_portal_can_be_translated(session, speaking):
	session.session.headers["Accept"] = "text/html"
	for path in PAGES:
		page = Spoken(session.request("GET", path).text)
		said = [*page.sentences, *leaves(page.texts)]
		assert len(said) > 20
		left = {sentence for sentence in said if "⟦" not in sentence and not sentence.isdigit()}
		assert left - NAMES - {speaking.user.email} == set(), path


def test_the_registry_is_said_in_the_readers_language_and_to_programs_as_in_the_contract(session, speaking):
	push = "Push your MedGrid orders into ShipStation, pull tracking back."
	pulled = ["Tracking numbers", "Carrier + service", "Ship date"]
	listed = message(session.get("medgrid.integrations.list_connections"))["integrations"]
	entry = next(entry for entry in listed if entry["id"] == "shipstation")
	assert (entry["tagline"], entry["what_we_pull"]) == (marked(push), [*map(marked, pulled)])
	assert (speaking.entry()["tagline"], speaking.entry()["what_we_pull"]) == (push, pulled)


@pytest.fixture
def reader(connected, environment):
	"""`reader(code)`: the vendor, signed in by password, with this language."""

	def sign_in(code):
		people.change(connected.user.email, language=code)
		caller = Caller(environment)
		caller.sign_in(connected.user)
		caller.session.headers["Accept"] = "text/html"
		return caller

	yield sign_in
	people.change(connected.user.email, language=None)


@pytest.mark.parametrize("code", translations.LANGUAGES)
def test_every_page_is_in_the_readers_language_and_says_so(reader, connected, code):
	catalog = translations.read(code)
	caller = reader(code)
	# Words that are the same in both languages are no sign of anything.
	english = {text for text, translation in catalog.items() if text != translation and "{" not in text}
	for path in PAGES:
		text = caller.request("GET", path).text
		page = Spoken(text)
		said = [*page.sentences, *leaves(page.texts)]
		assert f'<html lang="{code}" dir="ltr">' in text
		assert len(set(said) & set(catalog.values())) > 15
		assert set(said) & english == set(), path


@pytest.mark.parametrize("code", translations.LANGUAGES)
def test_an_answer_to_a_reader_is_in_their_language(reader, code):
	caller = reader(code)
	caller.session.headers["Accept"] = "application/json"
	answer = caller.post("medgrid.integrations.sync_now", integration_type="nonsense")
	sentence = translations.read(code)["Parameter integration_type must be one of: {0}."]
	assert answer.status_code == 400
	assert sentence.partition("{0}")[0] in answer.json()["exception"]
