"""What is signed is acknowledged however its JSON looks, though Frappe itself gives up at some of it before
any code of MedGrid's runs. What is not signed is 401. Contract: "Webhook Error Response"."""

import json

import pytest

from tests.support.http import error, message

JSON = "application/json"
BODIES = {
	"broken": b"{",
	"no JSON": b"hello",
	"nothing": b"",
	"a list": b"[1, 2]",
	"a number": b"5",
	"a text": b'"x"',
	"null": b"null",
	"no UTF-8": b"\xff\xfe",
	"40 deep": b'{"a":' * 40 + b"1" + b"}" * 40,
	"980 deep": b'{"a":' * 980 + b"1" + b"}" * 980,
	"1100 deep": b'{"a":' * 1100 + b"1" + b"}" * 1100,
	"1500 lists": b'{"a":' + b"[" * 1500 + b"]" * 1500 + b"}",
	"never closed": b"[" * 19_000,
	"NaN": b'{"id": NaN}',
	"infinite": b'{"id": 1e999}',
	"a long number": b'{"id": ' + b"9" * 5000 + b"}",
	"half a surrogate pair": b'{"id": 1, "name": "\\ud83d"}',
	"a language": json.dumps({"_lang": [1], "id": "x"}).encode(),
	"another command": b'{"cmd": "frappe.ping", "id": "x"}',
	"a command that is none": b'{"cmd": [1], "id": "x"}',
	"a wide list": b'{"id": "x", "line_items": [' + b",".join([b"[]"] * 6000) + b"]}",
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "text/plain"])
def test_what_is_signed_is_acknowledged_and_recorded(sender, body, content_type):
	answer = message(sender.send(BODIES[body], Content_Type=content_type))
	assert answer["status"] == "ok"
	assert len(sender.events()) == 1
	assert sender.outcomes()[0] in ("Failed", "Ignored")


@pytest.mark.parametrize("body", BODIES)
def test_what_is_not_signed_is_401_however_it_looks(sender, body):
	answer = sender.forge(BODIES[body], Content_Type=JSON)
	assert answer.status_code == 401
	assert answer.json() == {"status": "error", "code": "INVALID_TOKEN", "message": "Authentication failed"}
	assert sender.events() == []


@pytest.mark.parametrize("content_type", [JSON, "text/plain"])
def test_too_many_bytes_are_413_signed_or_not(sender, content_type):
	for filling in (b"x", b"["):
		body = filling * (sender.max_bytes + 1)
		for answer in (
			sender.send(body, Content_Type=content_type),
			sender.forge(body, Content_Type=content_type),
		):
			error(answer, 413, "RequestTooLargeError")
	assert sender.events() == []
