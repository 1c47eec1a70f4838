"""The transport against servers that misbehave, over real connections."""

import gzip
import json
import logging
import os
import signal
import socket
import time
import traceback
import tracemalloc

import pytest
from pydantic import SecretStr

from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	NotSent,
	OutcomeUnknown,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.exchanges import Exchange
from medgrid.http_client.json_reader import JsonLimits
from medgrid.http_client.messages import NOT_JSON, Request, Response
from medgrid.http_client.transport import Transport
from tests.support.raw_server import answers, drips, raw_server, says

SECRET = "canary-8c1f4e0a"
# Seconds within which an exchange of one second ends on a machine that is busy; a drip takes minutes.
PATIENCE = 30
GZIP_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\nContent-Encoding: gzip\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"


class Calls:
	"""Sends requests to a server and keeps the records."""

	def __init__(self, url: str, **options):
		self.records: list[Exchange] = []
		headers = {"Authorization": SecretStr(f"Basic {SECRET}")}
		self.transport = Transport(
			url, **{"service": "shipstation", "headers": headers, "observer": self.records.append, **options}
		)

	def send(
		self, method: str = "GET", *, seconds: float = 10, repeatable: bool = True, **options
	) -> Response:
		deadline = time.monotonic() + seconds
		request = Request(
			method, options.pop("path", "/orders"), deadline=deadline, repeatable=repeatable, **options
		)
		with self.transport:
			return self.transport.send(request)


def failure_of(
	script, *, kind: type[IntegrationError], repeatable: bool = True, **options
) -> IntegrationError:
	seconds = options.pop("seconds", 10)
	with raw_server(script) as server:
		calls = Calls(server.url, **options)
		with pytest.raises(kind) as caught:
			calls.send(seconds=seconds, repeatable=repeatable)
		assert type(caught.value) is kind
		assert [record.outcome for record in calls.records] == [kind.__name__]
	return caught.value


# What goes out, what comes back


def test_a_request_carries_its_path_values_query_body_and_credentials():
	with raw_server(answers(b"{}")) as server:
		Calls(server.url + "/base/").send(
			"POST",
			path="/orders/{order_id}/tags",
			values={"order_id": "a/b?c"},
			parameters={"page": 2},
			body={"name": "Ü", "key": SecretStr("inner")},
		)
	head, _blank, body = server.received[0].partition(b"\r\n\r\n")
	lines = head.decode().split("\r\n")
	assert lines[0] == "POST /base/orders/a%2Fb%3Fc/tags?page=2 HTTP/1.1"
	assert f"Authorization: Basic {SECRET}" in lines
	assert "Content-Type: application/json" in lines
	assert json.loads(body) == {"name": "Ü", "key": "inner"}


def test_an_answer_comes_back_with_status_headers_content_and_request_id():
	script = answers(b'{"orders": [1]}', "404 Not Found", {"X-Request-Id": "r-1", "X-Rate-Limit-Reset": "7"})
	with raw_server(script) as server:
		response = Calls(server.url).send()
	assert (response.status, response.content, response.request_id) == (404, {"orders": [1]}, "r-1")
	assert response.headers["x-rate-limit-reset"] == "7"


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a":', b"NaN", b"[" * 100_000, b'"\\ud800"'])
def test_what_is_no_acceptable_json_is_said_to_be_none(body):
	with raw_server(answers(body)) as server:
		assert Calls(server.url).send().content is NOT_JSON


def test_a_head_that_ends_early_has_no_acceptable_content():
	with raw_server(says(b"HTTP/1.1 200 OK\r\nContent-Le")) as server:
		assert Calls(server.url).send().content is NOT_JSON


def test_chunks_and_gzip_are_understood():
	body = gzip.compress(b'{"ok": true}')
	head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
	chunks = b"".join(b"1\r\n%b\r\n" % bytes([byte]) for byte in body) + b"0\r\n\r\n"
	with raw_server(says(head + chunks)) as server:
		assert Calls(server.url).send().content == {"ok": True}


def test_the_connection_stays_open_between_requests():
	with raw_server(answers(b"[]"), requests_per_connection=3) as server:
		calls = Calls(server.url)
		request = Request("GET", "/orders", deadline=time.monotonic() + 10, repeatable=True)
		with calls.transport:
			for _number in range(3):
				assert calls.transport.send(request).content == []
	assert server.connections == 1


def test_cookies_are_not_kept():
	script = answers(b"[]", headers={"Set-Cookie": "session=1"})
	with raw_server(script, requests_per_connection=2) as server:
		calls = Calls(server.url)
		request = Request("GET", "/orders", deadline=time.monotonic() + 10, repeatable=True)
		with calls.transport:
			calls.transport.send(request)
			calls.transport.send(request)
	assert all(b"Cookie" not in each for each in server.received)


def test_the_machines_netrc_adds_no_credentials(tmp_path, monkeypatch):
	netrc = tmp_path / "netrc"
	netrc.write_text("machine 127.0.0.1 login somebody password else\n")
	netrc.chmod(0o600)
	monkeypatch.setenv("NETRC", str(netrc))
	with raw_server(answers(b"[]")) as server:
		Calls(server.url, headers={}).send()
	assert b"authorization" not in server.received[0].lower()


# Certainly not sent


def nowhere() -> str:
	with socket.socket() as unused:
		unused.bind(("127.0.0.1", 0))
		return f"http://127.0.0.1:{unused.getsockname()[1]}"


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize("host", ["closed port", "unknown name"])
def test_without_a_connection_nothing_was_sent(host, repeatable):
	calls = Calls(nowhere() if host == "closed port" else "http://no-such-host.invalid")
	with pytest.raises(NotSent) as caught:
		calls.send("POST", repeatable=repeatable, body={})
	assert caught.value.was_sent is False
	assert calls.records[0].outcome == "NotSent"


def test_a_server_that_speaks_no_tls_got_nothing():
	with raw_server(says(b"no TLS here\r\n\r\n"), reads=False) as server:
		calls = Calls(server.url.replace("http:", "https:"))
		with pytest.raises(NotSent):
			calls.send("POST", repeatable=False, body={})


@pytest.mark.parametrize("secret", ["\u0445key", "two\r\nlines", "\ud800", "nul\0"])
def test_credentials_that_no_header_can_have_are_rejected_and_not_sent(secret):
	with raw_server(answers(b"[]")) as server:
		calls = Calls(server.url, headers={"Authorization": SecretStr(secret)})
		with pytest.raises(CredentialsRejected):
			calls.send()
	assert server.received == []


# Nobody knows


def reset(connection: socket.socket) -> None:
	connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@pytest.mark.parametrize(
	"script",
	[
		pytest.param(reset, id="reset"),
		pytest.param(says(b""), id="closed without a word"),
		pytest.param(says(HEAD + b'{"a"'), id="half a body"),
		pytest.param(
			says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,"), id="half a chunk"
		),
		pytest.param(says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), id="no chunk"),
		pytest.param(
			answers(gzip.compress(b"[1, 2, 3]")[:-4], headers={"Content-Encoding": "gzip"}), id="half a gzip"
		),
	],
)
def test_an_answer_that_is_lost_leaves_a_read_unavailable_and_a_write_unknown(script):
	assert failure_of(script, kind=ServiceUnavailable).was_sent is None
	assert failure_of(script, kind=OutcomeUnknown, repeatable=False).was_sent is None


@pytest.mark.parametrize(
	"script",
	[
		pytest.param(says(b"SSH-2.0-OpenSSH_9.2\r\n"), id="no HTTP"),
		pytest.param(says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), id="200 headers"),
		pytest.param(says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"), id="a huge header"),
		pytest.param(answers(b"no gzip", headers={"Content-Encoding": "gzip"}), id="no gzip"),
		pytest.param(answers(b"[]", headers={"Content-Encoding": "br"}), id="an encoding not asked for"),
	],
)
def test_what_is_no_answer_is_unexpected_and_a_write_unknown(script):
	failure_of(script, kind=UnexpectedResponse)
	failure_of(script, kind=OutcomeUnknown, repeatable=False)


# Time


@pytest.mark.parametrize(
	"script",
	[
		pytest.param(drips(b"x" * 10_000, first=HEAD), id="of the body"),
		pytest.param(drips(b"X: y\r\n" * 50, first=b"HTTP/1.1 200 OK\r\n"), id="of the head"),
		pytest.param(drips(b"HTTP/1.1 200 OK" * 9), id="of the first line"),
		pytest.param(lambda _connection: time.sleep(20), id="of nothing"),
		pytest.param(
			drips(gzip.compress(os.urandom(5000)), first=GZIP_HEAD),
			id="of gzip",
		),
	],
)
def test_a_drip_ends_with_the_exchange(script):
	began = time.monotonic()
	failure_of(script, kind=ServiceUnavailable, exchange_seconds=1)
	assert 0.9 < time.monotonic() - began < PATIENCE


def test_a_drip_ends_with_the_deadline_of_who_asked():
	began = time.monotonic()
	drip = drips(b"x" * 10_000, first=HEAD)
	assert failure_of(drip, kind=DeadlineExceeded, seconds=0.5).was_sent is None
	failure_of(drip, kind=OutcomeUnknown, seconds=0.5, repeatable=False)
	assert time.monotonic() - began < PATIENCE


def test_a_tls_handshake_that_drips_ends_as_well():
	began = time.monotonic()
	with raw_server(drips(b"x" * 10_000, first=b"\x16\x03\x03\x40\x00"), reads=False) as server:
		calls = Calls(server.url.replace("http:", "https:"), exchange_seconds=1)
		with pytest.raises(NotSent):
			calls.send()
	assert time.monotonic() - began < PATIENCE


def test_nothing_is_begun_after_the_deadline():
	with raw_server(answers(b"[]")) as server:
		calls = Calls(server.url)
		with pytest.raises(DeadlineExceeded) as caught:
			calls.send(seconds=-1)
		assert caught.value.was_sent is False
	assert server.connections == 0
	assert [record.outcome for record in calls.records] == ["DeadlineExceeded"]


# Size


def peak_of(work) -> int:
	tracemalloc.start()
	try:
		work()
		return tracemalloc.get_traced_memory()[1]
	finally:
		tracemalloc.stop()


def test_a_gzip_bomb_is_refused_at_the_limit():
	bomb = gzip.compress(bytes(50_000_000))
	script = answers(bomb, headers={"Content-Encoding": "gzip"})
	peak = peak_of(
		lambda: failure_of(script, kind=UnexpectedResponse, limits=JsonLimits(max_bytes=1_000_000))
	)
	assert peak < 5_000_000


def test_a_body_without_end_is_refused_at_the_limit():
	def flood(connection: socket.socket) -> None:
		connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
		for _number in range(1000):
			connection.sendall(b" " * 65536)

	peak = peak_of(lambda: failure_of(flood, kind=UnexpectedResponse, limits=JsonLimits(max_bytes=1_000_000)))
	assert peak < 5_000_000


def test_a_length_beyond_the_limit_is_refused_before_the_body_comes():
	script = says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
	failure_of(script, kind=UnexpectedResponse)


def test_a_body_of_just_the_limit_is_read():
	body = b'"' + b"x" * 998 + b'"'
	with raw_server(answers(body)) as server:
		assert len(Calls(server.url, limits=JsonLimits(max_bytes=1000)).send().content) == 998


# Redirects


def test_a_redirect_is_not_followed_and_its_body_not_unpacked():
	bomb = gzip.compress(bytes(50_000_000))
	with raw_server(answers(b"[]")) as elsewhere:
		headers = {"Location": elsewhere.url, "Content-Encoding": "gzip"}
		script = answers(bomb, "302 Found", headers)
		peak = peak_of(
			lambda: failure_of(script, kind=UnexpectedResponse, limits=JsonLimits(max_bytes=1_000_000))
		)
		with raw_server(answers(b"[]", "302 Found", {"Location": elsewhere.url})) as server:
			assert Calls(server.url).send().status == 302
	assert elsewhere.received == []
	assert peak < 5_000_000


# Records


def test_each_exchange_leaves_one_record_without_a_value():
	script = answers(b"[1]", headers={"X-Request-Id": "r-7"})
	with raw_server(script) as server:
		calls = Calls(server.url)
		calls.send(
			path="/orders/{order_id}",
			values={"order_id": "4711"},
			parameters={"orderNumber": "SAL-1"},
			operation="find",
			attempt=2,
		)
	[record] = calls.records
	assert (record.service, record.method, record.path) == (
		"shipstation",
		"GET",
		"/orders/{order_id}?orderNumber",
	)
	assert (record.status, record.outcome, record.bytes_received) == (200, "answered", 3)
	assert (record.request_id, record.attempt, record.operation) == ("r-7", 2, "find")
	assert server.url.endswith(record.host)
	assert 0 <= record.milliseconds < 5000
	assert "4711" not in str(record) and "SAL-1" not in str(record)


@pytest.mark.parametrize(
	"written", ["two words", "ünsafe", "x" * 200, "line\tbreak", "a@b.example", "1+1=2", "5/7"]
)
def test_a_request_id_that_is_none_is_left_out(written):
	with raw_server(answers(b"[]", headers={"X-Request-Id": written.encode().decode("latin-1")})) as server:
		assert Calls(server.url).send().request_id is None


def test_without_an_observer_the_record_goes_to_the_log(caplog):
	caplog.set_level(logging.INFO, "medgrid.exchanges")
	with raw_server(answers(b"[]")) as server, Transport(server.url, service="sendblue") as transport:
		transport.send(Request("GET", "/x", deadline=time.monotonic() + 5, repeatable=True))
	[line] = [record.message for record in caplog.records if record.name == "medgrid.exchanges"]
	assert line.startswith("sendblue GET 127.0.0.1:")


# Secrets


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize("script", [says(b""), says(HEAD), says(b"no HTTP"), reset], ids=range(4))
def test_no_failure_drags_the_credentials_along(script, repeatable, caplog):
	caplog.set_level(logging.DEBUG)
	with raw_server(script) as server:
		calls = Calls(server.url)
		with pytest.raises(IntegrationError) as caught:
			calls.send("POST", repeatable=repeatable, body={"key": SecretStr(SECRET)})
	error = caught.value
	assert error.__cause__ is None and error.__context__ is None
	told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
	assert SECRET not in told.replace(f"SECRET = '{SECRET}'", "")
	assert SECRET not in caplog.text + repr(vars(error)) + str(error) + repr(calls.records)
	modules = {frame.f_globals["__name__"] for frame, _line in traceback.walk_tb(error.__traceback__)}
	assert not [name for name in modules if name.startswith(("requests", "urllib3", "http."))]


def test_a_jobs_time_out_goes_through_as_itself_without_the_frames_that_hold_the_credentials():
	class JobTimedOut(Exception):
		pass

	def expire(_number, _frame):
		raise JobTimedOut("over")

	before = signal.signal(signal.SIGALRM, expire)
	signal.setitimer(signal.ITIMER_REAL, 0.3)
	try:
		with raw_server(lambda _connection: time.sleep(5)) as server:
			calls = Calls(server.url)
			with pytest.raises(JobTimedOut, match="over") as caught:
				calls.send()
	finally:
		signal.setitimer(signal.ITIMER_REAL, 0)
		signal.signal(signal.SIGALRM, before)
	assert caught.value.__context__ is None
	names = {frame.f_code.co_name for frame, _line in traceback.walk_tb(caught.value.__traceback__)}
	assert "_answer" not in names and "urlopen" not in names
	assert calls.records[0].outcome == "JobTimedOut"
