"""What hostile requests carry."""

import json
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote

MEGABYTE = 1_000_000
# A request line of the web server's has 4,094 bytes at most.
MAX_QUERY = 3_500
DEPTHS = (31, 33, 64, 500, 980, 1_000, 1_023, 1_100, 20_000)
TEXTS = (
	"",
	" ",
	"\0",
	"a\0b",
	"\u202eevil\u2066",
	"\u200b",
	"\ufffe\uffff",
	"\U0001f9ea",
	"x\r\nX-Injected: 1",
	"<img src=x onerror=window.__xss=1>",
	"<script>alert(1)</script>",
	"{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}",
	"' OR 1=1; DROP TABLE tabItem; --",
	'"); import os; os.system("id") #',
	"../../../../etc/passwd",
	"=HYPERLINK(1)",
	"хэ",
	"١٢٣",
	"NaN",
	"-1",
	"1e400",
	"null",
	"true",
	"[]",
	"{}",
	"Item",
	"vendor connection",
	"Administrator",
	"SAL-ORD-2026-00001",
	"victim.myshopify.com",
	"shipstation",
	"frappe.client.get_list",
)
NUMBERS = (0, -1, 1, 2**31, 2**63, 2**64, 10**39, 10**400, -(10**400), 0.1, 1e308)
# Cannot be written with `json.dumps` alone.
RAW_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e400", "-1e999", "0" * 50, "1" * 5_000)


def value(rng: Random, size: int = 2_000) -> Any:
	"""One hostile value, of text of at most so many characters."""
	kind = rng.randrange(12)
	if kind < 5:
		return rng.choice(TEXTS)
	if kind == 5:
		return rng.choice(TEXTS) * rng.randrange(1, 200)
	if kind == 6:
		return "x" * rng.randrange(1, size)
	if kind == 7:
		return rng.choice(NUMBERS)
	if kind == 8:
		return nested_text(rng, size)
	if kind == 9:
		return rng.choice([None, True, False, [], {}, [None], [[]], {"a": {}}, [1, "a", None]])
	if kind == 10:
		return json.dumps(
			{"doctype": rng.choice(TEXTS), "name": rng.choice(TEXTS), "x": rng.choice(NUMBERS[:4])}
		)
	return [rng.choice(TEXTS) for _each in range(rng.randrange(1, 300))]


def nested_text(rng: Random, size: int) -> str:
	opening, closing = rng.choice(
		[("[", "]"), ('{"a":', "}"), ('[{"doctype":', "}]"), ('{"filters":[', "]}")]
	)
	depth = max(1, min(rng.choice(DEPTHS), size // (len(opening) + len(closing))))
	return opening * depth + "1" + closing * depth


def parameters(rng: Random, names: tuple[str, ...], size: int = 2_000) -> dict[str, Any]:
	"""Hostile values for some of the parameters of an address, and for some that it does not know."""
	chosen = [name for name in names if rng.random() < min(0.7, 6 / len(names))]
	extra = [rng.choice(["x", "_lang", "cmd", "__proto__", "a" * 300, "limit_page_length", "", "\0"])]
	return {name: value(rng, size) for name in (*chosen, *(extra if rng.random() < 0.3 else []))}


def query(rng: Random, names: tuple[str, ...]) -> str:
	"""A query string of hostile values, short enough for the web server."""
	parts = []
	for name, each in parameters(rng, names, 500).items():
		text = each if isinstance(each, str) else _json(each)
		parts.append(f"{quote(name, safe='')}={quote(text.encode(errors='replace'), safe='')}")
	return "&".join(parts)[:MAX_QUERY].rstrip("%0123456789ABCDEF") or "x"


def body(rng: Random, names: tuple[str, ...]) -> tuple[str | None, bytes]:
	"""
	:returns: the content type, None for none at all, and the body.
	"""
	kind = rng.choices(list(_BODIES), weights=[weight for weight, _make in _BODIES.values()])[0]
	content_type: str | None
	content_type, content = _BODIES[kind][1](rng, names)
	if rng.random() < 0.05:
		content_type = rng.choice(
			[None, "text/plain", "application/xml", "application/json; charset=utf-16", "x"]
		)
	return content_type, content


def _json(each: Any) -> str:
	# Halves of surrogate pairs as escapes, as hostile senders write them.
	return json.dumps(each)


def _object(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	return "application/json", _json(parameters(rng, names)).encode()


def _strange_object(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	"""What `json.dumps` does not write: numbers that are not finite, halves of characters, repeated keys."""
	name = _json(rng.choice(names or ("x",)))
	written = rng.choice([*RAW_NUMBERS, '"\\ud83d"', '"\\udc00\\ud800"', '"\\u0000"', "'x'", "01", "+1", ""])
	return "application/json", f'{{{name}: {written}, "x": 1, "x": [2]}}'.encode()


def _nested(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	nested = nested_text(rng, 100_000)
	name = _json(rng.choice(names or ("x",)))
	return "application/json", rng.choice(
		[nested, f"{{{name}: {nested}}}", nested[: len(nested) // 2]]
	).encode()


def _wide(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	part = rng.choice(['["a"],', "1,", '{"a":1},', '"",'])
	count = rng.choice([2_000, 50_000, MEGABYTE]) // len(part)
	return "application/json", b'{"x":[' + (part * count).encode().rstrip(b",") + b"]}"


def _long(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	length = rng.choice([9_000, 70_000, 300_000, MEGABYTE, 2 * MEGABYTE - 100])
	name = _json(rng.choice(names or ("x",)))
	return "application/json", f'{{{name}: "'.encode() + b"y" * length + b'"}'


def _not_an_object(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	return "application/json", rng.choice(
		[
			b"[]",
			b"1",
			b'"x"',
			b"null",
			b"{",
			b'{"a":',
			b"\xff\xfe",
			b"\xef\xbb\xbf{}",
			b"\0",
			b"",
			b"{}{}",
			b"NaN",
		]
	)


def _form(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	parts = [query(rng, names) for _each in range(rng.choice([1, 1, 20, 2_000]))]
	return "application/x-www-form-urlencoded", "&".join(parts)[:MEGABYTE].encode()


def _multipart(rng: Random, names: tuple[str, ...]) -> tuple[str, bytes]:
	lines = []
	for name, each in parameters(rng, names).items():
		text = (each if isinstance(each, str) else _json(each)).encode(errors="replace")
		head = f'--limit\r\nContent-Disposition: form-data; name="{quote(name)}"'.encode()
		file = b'; filename="../x.html"\r\nContent-Type: text/html' if rng.random() < 0.3 else b""
		lines.append(head + file + b"\r\n\r\n" + text + b"\r\n")
	ending = rng.choice([b"--limit--\r\n", b"", b"--limit"])
	return "multipart/form-data; boundary=limit", b"".join(lines) + ending


_Make = Callable[[Random, tuple[str, ...]], tuple[str, bytes]]
_BODIES: dict[str, tuple[int, _Make]] = {
	"object": (40, _object),
	"strange object": (8, _strange_object),
	"nested": (12, _nested),
	"wide": (4, _wide),
	"long": (5, _long),
	"not an object": (6, _not_an_object),
	"form": (15, _form),
	"multipart": (10, _multipart),
}

HEADERS = {
	"Accept": ("*/*", "text/html", "application/json", "x" * 500),
	"Accept-Language": ("de", "x" * 300, "\xff", "*;q=0", "../../x"),
	"Origin": ("https://evil.example", "null"),
	"X-Forwarded-For": ("203.0.113.9", "1.1.1.1, 2.2.2.2", "x" * 300, "::1", ""),
	"X-Frappe-CSRF-Token": ("x", "None"),
	"X-Frappe-Site-Name": ("other.site",),
	"X-HTTP-Method-Override": ("DELETE", "PUT"),
	"X-Requested-With": ("XMLHttpRequest",),
	"X-Shopify-Hmac-Sha256": ("", "x", "AAAA" * 11, "\xff\xfe"),
	"X-Shopify-Shop-Domain": ("victim.myshopify.com", "<b>", "x" * 300),
	"X-Shopify-Topic": ("orders/updated", "app/uninstalled", "1Z <img src=x>", "x" * 300),
	"X-Shopify-Triggered-At": ("9999-12-31T23:59:59-14:00", "x"),
	"X-Shopify-Webhook-Id": ("x", "x" * 300),
	"sb-signing-secret": ("x", "\xff"),
	"Cookie": ("sid=Guest", "sid=x" + "y" * 300, "sid=\xff; system_user=yes", "preferred_language=../../x"),
}


def headers(rng: Random) -> dict[str, str]:
	"""None to three hostile headers."""
	names = rng.sample(list(HEADERS), rng.choice([0, 0, 1, 3]))
	return {name: rng.choice(HEADERS[name]) for name in names}
