"""The client against the simulated Sendblue: what is repeated, and what never."""

import socket
import time

import pytest
from pydantic import SecretStr

from medgrid.clients.sendblue.client import SendblueClient
from medgrid.http_client.errors import (
	CredentialsRejected,
	NotSent,
	OutcomeUnknown,
	PaymentRequired,
	RateLimited,
	RequestRejected,
)
from medgrid.http_client.exchanges import Exchange
from tests.support.sendblue import KEY_ID, PHONE, SECRET_KEY


def make_client(url: str, *arguments, **options) -> SendblueClient:
	keys = SecretStr(KEY_ID), SecretStr(SECRET_KEY)
	return SendblueClient(url, *keys, *arguments, deadline=time.monotonic() + 25, **options)


@pytest.fixture
def client(sendblue):
	with make_client(sendblue.url) as client:
		yield client


def test_a_message_is_sent_as_sendblue_wants_it(client, sendblue):
	sent = client.send(PHONE, "Hello")
	assert sent.message_handle
	[received] = sendblue.received()
	assert (received["method"], received["path"]) == ("POST", "/api/send-message")
	assert received["key_id"] == KEY_ID
	assert received["body"] == {"number": PHONE, "content": "Hello"}


def test_the_number_of_the_settings_sends(sendblue):
	sendblue.add_account(KEY_ID, SECRET_KEY, numbers=["+15122164639", "+16468528190"])
	with make_client(sendblue.url, "+16468528190") as client:
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
def test_what_may_have_been_sent_is_never_sent_again(client, sendblue, fault, options):
	client.transport.exchange_seconds = 0.5
	sendblue.fault(fault, times=None, **options)
	with pytest.raises(OutcomeUnknown):
		client.send(PHONE, "Hello")
	assert len(sendblue.sent()) <= 1
	assert len(sendblue.received()) == 1


def test_a_passing_429_is_waited_out_and_the_message_sent_once(client, sendblue):
	sendblue.fault("too_many", times=2, seconds=0.1)
	client.send(PHONE, "Hello")
	assert [entry["status"] for entry in sendblue.received()] == [429, 429, 200]
	assert len(sendblue.sent()) == 1


def test_a_lasting_429_is_a_clear_error_after_three_retries(client, sendblue):
	sendblue.fault("too_many", times=None, seconds=0.1)
	with pytest.raises(RateLimited):
		client.send(PHONE, "Hello")
	assert len(sendblue.received()) == 4


def test_without_a_connection_nothing_was_sent_and_it_is_tried_again():
	with socket.socket() as unused:
		unused.bind(("127.0.0.1", 0))
		nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
	records: list[Exchange] = []
	with make_client(nowhere, observer=records.append) as client, pytest.raises(NotSent):
		client.send(PHONE, "Hello")
	assert [(record.attempt, record.outcome) for record in records] == [
		(number, "NotSent") for number in (1, 2, 3, 4)
	]


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
	with pytest.raises(RequestRejected):
		client.send(PHONE, "Hello")


@pytest.mark.parametrize("fault", ["drop_after", "status"])
def test_no_error_drags_the_keys_along(client, sendblue, fault):
	sendblue.fault(fault, **({"status": 401} if fault == "status" else {}))
	with pytest.raises(Exception) as caught:
		client.send(PHONE, "Hello")
	error = caught.value
	assert error.__cause__ is None
	assert error.__context__ is None
	assert SECRET_KEY not in repr(vars(client)) + repr(vars(client.transport)) + repr(vars(error))
