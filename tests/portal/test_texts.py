"""The scripts' sentences: each that a script asks for exists, and none is left over."""

import re

from medgrid.portal import assets, texts

ASKED_FOR = re.compile(r"""(?:text|group)\(\s*(?:[\w.]+ \? )?"(\w+)"(?: : "(\w+)")?""")


def asked_for() -> set[str]:
	"""The keys in the scripts' calls, those of `text(condition ? "one" : "other")` included."""
	sources = [path.read_text() for path in assets.FOLDER.rglob("*.js")]
	keys = {key for source in sources for match in ASKED_FOR.findall(source) for key in match if key}
	# `list.js` chooses its key first.
	return keys | {"shown", "one_shown", "all_shown"}


def test_scripts_ask_for_exactly_the_texts_that_there_are(site):
	pages = (
		*(texts.integrations(), texts.orders(), texts.products(), texts.settings()),
		*(texts.catalog(), texts.unsubscribe()),
	)
	there = set(texts.shared()).union(*pages)
	assert asked_for() == there


def test_scripts_hold_no_sentences_of_their_own():
	sentences = [
		(path.name, sentence)
		for path in assets.FOLDER.rglob("*.js")
		for line in path.read_text().splitlines()
		if not line.strip().startswith(("//", "*", "/*"))
		for sentence in re.findall(r'"([A-Z][a-z]+ [a-z ]+[^"]*)"', line)
	]
	assert sentences == []
