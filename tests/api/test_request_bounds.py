"""A request is measured before anything looks at its content: bytes by address, depth, elements, values that
nothing can store. Whatever is beyond is 413 or 400 in the contract's shape, and fast."""

import json
import random
import time

import pytest

from medgrid.api.request_bounds import GUEST_BYTES, LIMITS, USER_BYTES
from tests.support.http import Caller, error, message

JSON = {"Content-Type": "application/json"}
# Nobody waits longer for a refusal, whatever else the machine does.
MOST_SECONDS = 4

ADDRESSES = [
	"/api/method/frappe.ping",
	"/api/method/ping",
	"/api/v1/method/frappe.ping",
	"/api/v2/method/ping",
	"/api/v2/method/frappe.ping",
	"/api/resource/ToDo",
	"/api/resource/ToDo/x",
	"/api/v2/document/ToDo",
	"/api/method/medgrid.contact_api.submit_contact_form",
	"/api/method/medgrid.integrations.disconnect",
	"/api/v2/method/medgrid.integrations.disconnect",
	"/api/method/nowhere",
	"/portal",
	"/?cmd=frappe.ping",
	"/",
]


def as_json(text):
	return {"data": text, "headers": JSON}


def in_a_text(text):
	return as_json(json.dumps({"x": text}))


def in_a_text_of_a_text(text):
	return as_json(json.dumps({"x": {"y": [" \n" + text]}}))


def in_the_query(text):
	return {"params": {"filters": text}}


def in_a_form(text):
	return {"data": {"doc": text}}


def in_a_multipart_form(text):
	return {"files": {"doc": (None, text)}}


def undeclared(text):
	return {"data": text, "headers": {"Content-Type": "text/plain"}}


def chunked(text):
	return {"data": iter([text.encode()]), "headers": JSON}


def deep(depth, opening='{"a":', closing="}"):
	return opening * depth + "1" + closing * depth


NESTED = {
	"33 objects": deep(33),
	"980 objects": deep(980),
	"1000 objects": deep(1000),
	"1023 objects": deep(1023),
	"1025 objects": deep(1025),
	"1000 lists": deep(1000, "[", "]"),
	"mixed": deep(500, '[{"":', "}]"),
	"never closed": "[" * 9000,
	"never closed objects": '{"a":' * 1800,
	"closed too often": "[" * 40 + "]" * 4000,
	"after a text with quotes": r'{"a\\": "\"[{", "b": ' + deep(40) + "}",
}


@pytest.fixture(params=["anonymous", "customer", "manager"])
def caller(request):
	return request.getfixturevalue(request.param)


def refused(answer, status):
	"""The sentence, for whatever shape the address has."""
	assert answer.status_code == status, (answer.status_code, answer.text[:500])
	assert answer.elapsed.total_seconds() < MOST_SECONDS
	assert "Traceback" not in answer.text
	if answer.headers["Content-Type"].startswith("text/html"):
		return answer.text
	if "errors" in answer.json():
		return answer.json()["errors"][0]["message"]
	return error(answer, status, "ValidationError" if status == 400 else "RequestTooLargeError")


@pytest.mark.parametrize("way", [as_json, in_a_text, in_a_form, in_a_multipart_form, undeclared, chunked])
@pytest.mark.parametrize("address", ADDRESSES)
def test_depth_is_refused_at_every_address_in_every_encoding(anonymous, address, way):
	refused(anonymous.request("POST", address, **way(NESTED["980 objects"])), 400)


@pytest.mark.parametrize("nested", NESTED)
@pytest.mark.parametrize("way", [as_json, in_a_text_of_a_text, in_a_form])
def test_depth_is_refused_whoever_sends_it_however_it_is_written(caller, nested, way):
	if way is as_json and not NESTED[nested].startswith("{"):
		pytest.skip("no object: that is another refusal")
	answer = caller.request("POST", "/api/method/frappe.ping", **way(NESTED[nested]))
	refused(answer, 400)


@pytest.mark.parametrize(
	"address", ["/api/resource/ToDo", "/api/v2/document/ToDo", "/portal", "/api/method/ping"]
)
def test_depth_in_the_query_is_refused(caller, address):
	for nested in ("33 objects", "never closed"):
		refused(caller.request("GET", address, **in_the_query(NESTED[nested][:3000])), 400)


@pytest.mark.parametrize("depth", [1, 31])
def test_what_is_not_too_deep_passes(caller, depth):
	assert caller.request("POST", "/api/method/frappe.ping", **as_json(deep(depth))).status_code == 200
	assert caller.request("POST", "/api/method/frappe.ping", **in_a_text(deep(depth))).status_code == 200


def test_brackets_that_are_no_json_are_text(manager):
	for text in ("[[[[ see below ]]]]", "{{ doc.name }}", "[" * 32, ":-{ " * 500, "{" + "}" * 900):
		answer = manager.request("POST", "/api/resource/ToDo", json={"description": f"MGT {text}", "x": text})
		assert answer.status_code == 200, answer.text


def test_a_web_page_is_refused_with_a_page(anonymous):
	html = {"Accept": "text/html"}
	for options in (as_json(NESTED["1025 objects"]), as_json(NESTED["33 objects"])):
		options["headers"] = {**options["headers"], **html}
		answer = anonymous.request("POST", "/portal", **options)
		assert "not acceptable" in refused(answer, 400) or "JSON object" in answer.text


# Bytes


def padded(size):
	return json.dumps({"padding": "x" * (size - 15)})


@pytest.mark.parametrize("way", [as_json, in_a_form, in_a_multipart_form, undeclared, chunked])
@pytest.mark.parametrize(
	"address",
	[
		"/api/method/frappe.ping",
		"/api/resource/ToDo",
		"/api/v2/document/ToDo",
		"/api/method/medgrid.contact_api.submit_contact_form",
		"/portal",
		"/?cmd=frappe.ping",
	],
)
def test_a_guest_sends_64_kb_at_most(anonymous, address, way):
	sentence = refused(anonymous.request("POST", address, **way(padded(GUEST_BYTES + 1))), 413)
	assert f"at most {GUEST_BYTES} bytes" in sentence


def test_a_guests_body_of_exactly_64_kb_is_taken(anonymous):
	assert len(padded(GUEST_BYTES)) == GUEST_BYTES
	answer = anonymous.request("POST", "/api/method/frappe.ping", **as_json(padded(GUEST_BYTES)))
	assert message(answer) == "pong"


def test_a_portal_user_sends_256_kb_at_most(customer):
	path = "/api/method/frappe.ping"
	assert message(customer.request("POST", path, **as_json(padded(USER_BYTES)))) == "pong"
	sentence = refused(customer.request("POST", path, **as_json(padded(USER_BYTES + 1))), 413)
	assert f"at most {USER_BYTES} bytes" in sentence


def test_a_desk_user_sends_frappes_own_limit(manager):
	answer = manager.request("POST", "/api/method/frappe.ping", **as_json(padded(3_000_000)))
	assert message(answer) == "pong"


@pytest.mark.parametrize("person", ["customer", "manager"])
def test_medgrids_rpcs_take_256_kb_whoever_calls(request, person):
	caller = request.getfixturevalue(person)
	answer = caller.request("POST", "/api/method/medgrid.integrations.disconnect", **as_json(padded(300_000)))
	error(answer, 413, "RequestTooLargeError")
	assert message(caller.get("medgrid.account.api_access"))["has_keys"] is True


def test_a_user_uploads_a_file_of_more_than_64_kb(customer, manager, site):
	for caller in (customer, manager):
		answer = caller.request(
			"POST",
			"/api/method/upload_file",
			files={"file": (f"mgt-{random.random()}.txt", b"x" * 400_000, "text/plain")},
			data={"is_private": 1},
		)
		assert answer.status_code == 200, answer.text
		site.delete_doc("File", answer.json()["message"]["name"], force=True)
		site.db.commit()


def test_a_guest_uploads_no_large_file(anonymous):
	files = {"file": ("mgt.txt", b"x" * 100_000)}
	refused(anonymous.request("POST", "/api/method/upload_file", files=files), 413)


@pytest.mark.parametrize("length", [10, 2])
def test_a_length_that_is_too_small_leaves_broken_json(anonymous, length):
	prepared = anonymous.session.prepare_request(
		__import__("requests").Request(
			"POST", f"{anonymous.url}/api/method/frappe.ping", json={"a": "x" * 40}
		)
	)
	prepared.headers["Content-Length"] = str(length)
	prepared.headers["Connection"] = "close"
	refused(anonymous.session.send(prepared), 400)


def test_what_is_beyond_frappes_own_limit_is_413(anonymous):
	answer = anonymous.request("POST", "/api/method/frappe.ping", **as_json(padded(27_000_000)))
	assert answer.status_code == 413


# Elements


def wide(count, element="[]"):
	return '{"x": [' + ",".join([element] * count) + "]}"


@pytest.mark.parametrize("element", ["[]", "0", '""', "{}", '{"a":1}'])
def test_width_is_refused(manager, element):
	refused(manager.request("POST", "/api/method/frappe.ping", **as_json(wide(600_000, element))), 400)


@pytest.mark.parametrize("way", [as_json, in_a_text, in_a_form])
def test_what_a_desk_user_saves_is_not_too_wide(manager, way):
	answer = manager.request("POST", "/api/method/frappe.ping", **way(wide(50_000, '{"a":1}')))
	assert answer.status_code == 200, answer.text


def test_an_rpc_of_medgrids_takes_few_elements(customer):
	answer = customer.request("POST", "/api/method/medgrid.integrations.disconnect", **as_json(wide(30_000)))
	assert "elements" in error(answer, 400, "ValidationError")


# Values that nothing can store, and what Frappe reads itself


UNSTORABLE = [
	r'{"x": "\ud83d"}',
	r'{"\udfff": 1}',
	r'{"x": [{"y": "a\ud800b"}]}',
	'{"x": NaN}',
	'{"x": [-Infinity]}',
	'{"x": 1e999}',
	'{"x": ' + "9" * 60 + "}",
	'{"x": ' + "9" * 5000 + "}",
]


@pytest.mark.parametrize("body", UNSTORABLE)
@pytest.mark.parametrize(
	"address",
	["/api/method/frappe.ping", "/api/method/medgrid.integrations.disconnect", "/api/resource/ToDo"],
)
def test_values_that_nothing_can_store_are_400(caller, address, body):
	answer = caller.request("POST", address, **as_json(body))
	if "9999" in body and answer.status_code != 400:
		# Frappe 16's parser makes floats of long numbers.
		assert answer.status_code < 500
		return
	if caller.user:
		refused(answer, 400)
	else:
		assert answer.status_code in (400, 401)


@pytest.mark.parametrize("body", ["", "{", "not json", '{"a": }', '{"a": 1} x', "\ufeff{", '{"a": "\n"}'])
def test_broken_json_is_400_at_frappes_own_addresses_too(caller, body):
	answer = caller.request("POST", "/api/method/frappe.ping", **as_json(body.encode()))
	if body:
		assert "must be a JSON object" in refused(answer, 400)
	else:
		assert message(answer) == "pong"


NOT_TEXT = [[1], [None], {"a": 1}, 5, True, [[["en"]]]]


@pytest.mark.parametrize("value", NOT_TEXT)
@pytest.mark.parametrize("name", ["_lang", "cmd", "sid", "_type", "run_method"])
@pytest.mark.parametrize("desk", [{}, {"X-Requested-With": "XMLHttpRequest"}])
def test_what_frappe_reads_itself_must_be_text(caller, name, value, desk):
	answer = caller.request("POST", "/api/method/frappe.ping", json={name: value}, headers=desk)
	assert answer.status_code == 400, answer.text
	assert f"Parameter {name} must be text." in answer.json()["_server_messages"]


@pytest.mark.parametrize("depth", [60, 500, 980, 1_000])
@pytest.mark.parametrize("path", ["/api/v2/document/Item/x", "/api/method/frappe.ping", "/"])
def test_a_command_however_deep_is_refused(environment, depth, path):
	body = b'{"cmd": ' + b"[" * depth + b"]" * depth + b"}"
	headers = {"Content-Type": "application/json", "Authorization": "token a:b"}
	answer = Caller(environment).request("POST", path, data=body, headers=headers)
	assert answer.status_code in (400, 401), answer.text


@pytest.mark.parametrize("credentials", [{"usr": [1], "pwd": "x"}, {"usr": "x", "pwd": {"a": 1}}, {"pwd": 5}])
def test_credentials_that_are_no_text_are_no_fault_of_ours(environment, credentials):
	answer = Caller(environment).request("POST", "/api/method/login", json={"usr": "nobody", **credentials})
	assert answer.status_code in (400, 401), answer.text


def test_a_language_is_still_taken(anonymous):
	assert message(anonymous.get("frappe.ping", _lang="de")) == "pong"
	assert message(anonymous.request("POST", "/api/method/frappe.ping", json={"_lang": "en"})) == "pong"


# However it is made


def hostile(rng):
	"""A body of up to 60 kB that is deep, wide, broken or strange."""
	pieces = [
		"[",
		"{",
		'{"a":',
		"]",
		"}",
		",",
		'"',
		"\\",
		"\\u",
		"\\ud800",
		"\\\\",
		"null",
		"1e9",
		"NaN",
		" ",
	]
	text = "".join(rng.choices(pieces, k=rng.randrange(1, 2000)))
	start = rng.choice(["", "[", '{"x":', '{"x":"', '{"doctype":"ToDo","x":', '{"filters":'])
	return start + text + rng.choice(["", "]", "}", '"}'])


def test_no_hostile_body_is_a_fault_of_ours_or_takes_long(caller):
	seed = time.time_ns()
	print("seed", seed)
	rng = random.Random(seed)
	for _number in range(120):
		text = hostile(rng)
		way = rng.choice([as_json, in_a_text, in_a_form, in_a_multipart_form, undeclared])
		address = rng.choice(ADDRESSES)
		answer = caller.request("POST", address, **way(text))
		assert answer.status_code < 500, (seed, address, way.__name__, text[:500], answer.text[:500])
		assert answer.elapsed.total_seconds() < MOST_SECONDS


def test_the_limit_of_elements_leaves_room_for_desks_documents():
	assert LIMITS.max_elements >= 200_000
