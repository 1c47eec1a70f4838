"""The client against the simulated Sendblue: what is repeated, and what never."""

import socket

import pytest
import requests
from pydantic import SecretStr

from medgrid.clients.sendblue import client as client_module
from medgrid.clients.sendblue.client import SendblueClient
from medgrid.clients.sendblue.responses import MaybeSent, NotReached, TooManyRequests
from medgrid.http_client.errors import CredentialsRejected, PaymentRequired, RequestRejected
from tests.support.sendblue import KEY_ID, PHONE, SECRET_KEY


@pytest.fixture
def client(sendblue):
	return SendblueClient(sendblue.url, SecretStr(KEY_ID), SecretStr(SECRET_KEY))


def test_a_message_is_sent_as_sendblue_wants_it(client, sendblue):
	sent = client.send(PHONE, "Hello")
	assert sent.message_handle
	[received] = sendblue.received()
	assert (received["method"], received["path"]) == ("POST", "/api/send-message")
	assert received["key_id"] == KEY_ID
	assert received["body"] == {"number": PHONE, "content": "Hello"}


def test_the_number_of_the_settings_sends(sendblue):
	sendblue.add_account(KEY_ID, SECRET_KEY, numbers=["+15122164639", "+16468528190"])
	client = SendblueClient(sendblue.url, SecretStr(KEY_ID), SecretStr(SECRET_KEY), "+16468528190")
	client.send(PHONE, "Hello")
	assert sendblue.sent()[0]["from_number"] == "+16468528190"


@pytest.mark.parametrize(
	("fault", "options"),
	[
		("timeout_before", {"seconds": 2}),
		("timeout_after", {"seconds": 2}),
		("drop_after", {}),
		("half", {}),
		("malformed", {}),
		("null", {}),
		("status", {"status": 500}),
		("status", {"status": 502, "processed": True}),
		("status", {"status": 302}),
	],
)
def test_what_may_have_been_sent_is_never_sent_again(client, sendblue, monkeypatch, fault, options):
	monkeypatch.setattr(client_module, "READ_SECONDS", 0.5)
	sendblue.fault(fault, times=None, **options)
	with pytest.raises(MaybeSent, match="did not say whether the message was sent"):
		client.send(PHONE, "Hello")
	assert len(sendblue.sent()) <= 1
	assert len(sendblue.received()) == 1


def test_a_passing_429_is_waited_out_and_the_message_sent_once(client, sendblue):
	sendblue.fault("too_many", times=2, seconds=0.1)
	client.send(PHONE, "Hello")
	assert [entry["status"] for entry in sendblue.received()] == [429, 429, 200]
	assert len(sendblue.sent()) == 1


def test_a_lasting_429_is_a_clear_error_after_three_tries(client, sendblue):
	sendblue.fault("too_many", times=None, seconds=0.1)
	with pytest.raises(TooManyRequests, match="Sendblue is busy"):
		client.send(PHONE, "Hello")
	assert len(sendblue.received()) == 3


def test_without_a_connection_nothing_was_sent_and_it_is_tried_again(sendblue, monkeypatch):
	with socket.socket() as unused:
		unused.bind(("127.0.0.1", 0))
		nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
	tries, client = [], SendblueClient(nowhere, SecretStr("a"), SecretStr("b"))
	post = client.session.post
	monkeypatch.setattr(client.session, "post", lambda *a, **b: tries.append(1) or post(*a, **b))
	with pytest.raises(NotReached, match="cannot be reached"):
		client.send(PHONE, "Hello")
	assert len(tries) == 3


@pytest.mark.parametrize(
	("status", "error"),
	[(401, CredentialsRejected), (403, CredentialsRejected), (402, PaymentRequired), (400, RequestRejected)],
)
def test_a_refusal_is_not_repeated_and_says_what_to_do(client, sendblue, status, error):
	sendblue.fault("status", status=status, body='{"error_message": "quoted"}', times=None)
	with pytest.raises(error) as caught:
		client.send(PHONE, "Hello")
	assert "quoted" not in str(caught.value)
	assert len(sendblue.received()) == 1


def test_a_message_that_sendblue_takes_and_declines_is_refused(client, sendblue):
	sendblue.fault("malformed", body='{"status": "DECLINED", "error_message": "spam"}', processed=False)
	with pytest.raises(RequestRejected, match="does not send to this number"):
		client.send(PHONE, "Hello")


@pytest.mark.parametrize("fault", ["drop_after", "status"])
def test_no_error_drags_the_keys_along(client, sendblue, fault):
	sendblue.fault(fault, **({"status": 401} if fault == "status" else {}))
	with pytest.raises(Exception) as caught:
		client.send(PHONE, "Hello")
	error = caught.value
	assert not isinstance(error, requests.RequestException)
	assert error.__cause__ is None
	assert error.__context__ is None
	assert SECRET_KEY not in repr(vars(client.session)) + repr(client.session.headers)
