"""Removes secrets from text that is logged: the values that are known, and what stands behind a telling
name. Pure.

It is the second line. The first is that MedGrid logs no values (`core/faults`); a pattern cannot know all of
them, and what is behind an ordinary name stays.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "********"

# Shorter values are not replaced: they would be found everywhere.
MIN_KNOWN = 6
# The parts of names that tell a secret, and whole names that do.
_PARTS = (
	"secret|passw|passphrase|pwd|token|api[_-]?key|credential|hmac|signature|authorization|cookie"
	"|(?:private|encryption|access|signing|session)[_-]?key"
)
_WHOLE = "key|code|state|sid|auth|nonce|username"
# What stands before a name: not a part of the word, or an escaped character.
_START = r"(?:(?<![\w-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u00[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_NAME = re.compile(rf"(?i)(?:{_PARTS})[\w-]*|{_START}(?:{_WHOLE})(?![\w-])")
# A quote in a text, in JSON within JSON, in a URL, in an escaped JSON text, in HTML.
_QUOTE = r"""\\*["']|%(?:25)*2[27]|\\+u002[27]|&(?:quot|\#3[49]|\#x2[27]);"""
_BETWEEN = re.compile(rf"(?ix)(?:{_QUOTE})? \s{{0,8}} (?: =>|[:=]|%(?:25)*3[ad]|\\+u003[ad] ) \s{{0,8}}")
_OPENING = re.compile(rf"(?ix)[a-z]{{0,2}}({_QUOTE})")
_BRACKET = re.compile(r"[\w.]*[(\[{]")
_BARE = re.compile(r"""(?:(?!&|%26)[^\s"'<])+""")
_LINE = re.compile(r"""[^\r\n"']*""")
_TO_END_OF_LINE = re.compile(r"(?i)authorization|cookie")
_BRACKETS = re.compile(r"[()\[\]{}]")

_AUTHORIZATION = re.compile(r"""(?i)\b(basic|bearer|token)(\s+|%20)[A-Za-z0-9+/=_.:~%-]{8,}""")
# Shopify's tokens and secrets begin like this, whatever they are called.
_SHOPIFY = re.compile(r"shp[a-z]{2,4}_[A-Za-z0-9_]{6,}")


def redact(text: str | None, secrets: Iterable[str] = ()) -> str:
	"""Masks secrets: the given ones in every notation, Shopify's, the values of `Authorization`, and what a
	name such as `api_secret` introduces, in Python's notation, JSON's, a URL's or a header's.

	:param text: a log line, traceback or message; None becomes an empty text.
	:param secrets: values that are known to be secret.
	"""
	without_known = mask_known(text or "", secrets)
	without_headers = _AUTHORIZATION.sub(rf"\1\2{MASK}", without_known)
	return "".join(_without_named(without_headers))


def mask_known(text: str, secrets: Iterable[str]) -> str:
	"""Masks the given secrets in every notation, and Shopify's tokens. Everything else stays readable."""
	notations = {form for secret in secrets if len(secret) >= MIN_KNOWN for form in _notations(secret)}
	# The longest first: one may be a part of another.
	for form in sorted(notations, key=len, reverse=True):
		text = text.replace(form, MASK)
	return _SHOPIFY.sub(MASK, text)


def is_secret_name(name: str) -> bool:
	"""Whether a parameter's name tells that its value is secret."""
	return bool(_NAME.search(name))


def _notations(secret: str) -> Iterator[str]:
	"""How a secret may be written in a log."""
	in_json = json.dumps(secret)[1:-1]
	all_escaped = "".join(f"\\u{ord(character):04x}" for character in secret)
	yield from (secret, repr(secret)[1:-1], in_json, json.dumps(in_json)[1:-1], html.escape(secret))
	yield json.dumps(secret, ensure_ascii=False)[1:-1]
	yield from (quote(secret, safe=""), quote(secret), quote_plus(secret), quote(in_json, safe=""))
	yield from (
		quote(quote(secret, safe=""), safe=""),
		all_escaped,
		all_escaped.upper().replace("\\U", "\\u"),
	)
	yield secret[::-1]
	yield secret.encode().hex()
	data = secret.encode()
	for offset in range(3):
		# Within a longer text, only the middle depends on the secret alone.
		coded = base64.b64encode(b"\0" * offset + data).decode().rstrip("=")
		middle = coded[(0, 2, 3)[offset] : len(coded) - (1 if (offset + len(data)) % 3 else 0)]
		if len(middle) >= MIN_KNOWN:
			yield middle
			yield middle.replace("+", "-").replace("/", "_")


def _without_named(text: str) -> Iterator[str]:
	done = 0
	while match := _NAME.search(text, done):
		between = _BETWEEN.match(text, match.end())
		if not between:
			yield text[done : match.end()]
			done = match.end()
			continue
		begin, end = _value(text, between.end(), match.group())
		yield text[done:begin]
		yield MASK if end > begin else ""
		done = end
	yield text[done:]


def _value(text: str, start: int, name: str) -> tuple[int, int]:
	"""Where the value that begins here begins and ends, without its quotes."""
	if opening := _OPENING.match(text, start):
		return opening.end(), _closing(text, opening.end(), opening.group(1))
	if bracket := _BRACKET.match(text, start):
		return start, _matching(text, bracket.end() - 1)
	whole_line = _TO_END_OF_LINE.search(name)
	bare = (_LINE if whole_line else _BARE).match(text, start)
	return start, bare.end() if bare else start


def _closing(text: str, start: int, quote_mark: str) -> int:
	"""Where the quote stands that ends a value: as often escaped as the first one, or less. A log that was
	cut off has none; the value then takes the rest."""
	character, depth = quote_mark[-1], len(quote_mark) - 1
	if character not in "\"'" or quote_mark.strip("\\") != character:
		end = text.find(quote_mark, start)
		return len(text) if end < 0 else end
	end = text.find(character, start)
	while end >= 0:
		first = end
		while first > start and text[first - 1] == "\\":
			first -= 1
		if end - first <= depth:
			return first
		end = text.find(character, end + 1)
	return len(text)


def _matching(text: str, start: int) -> int:
	depth = 0
	for bracket in _BRACKETS.finditer(text, start):
		depth += 1 if bracket.group() in "([{" else -1
		if not depth:
			return bracket.end()
	return len(text)
