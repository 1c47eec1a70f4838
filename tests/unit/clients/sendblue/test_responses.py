"""What each of Sendblue's answers means, and whether the message may have been sent."""

import pytest

from medgrid.clients.sendblue.responses import classify
from medgrid.http_client.errors import (
	CredentialsRejected,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.messages import NOT_JSON

SENT = {"status": "QUEUED", "message_handle": "h-1"}


@pytest.mark.parametrize("content", [SENT, {"status": "SENT"}, {**SENT, "error_message": "ignored"}])
def test_a_message_that_was_taken_is_a_success(content):
	assert classify(200, {}, content) is None
	assert classify(202, {}, content) is None


@pytest.mark.parametrize("status", ["ERROR", "DECLINED", "declined"])
def test_a_message_that_was_taken_and_will_not_be_sent_is_rejected(status):
	failure = classify(200, {}, {"status": status, "error_message": "the words of the message"})
	assert type(failure) is RequestRejected
	assert failure.detail == ""


@pytest.mark.parametrize(
	("status", "content", "kind", "was_sent"),
	[
		(200, NOT_JSON, UnexpectedResponse, None),
		(200, None, UnexpectedResponse, None),
		(200, {"status": 5}, UnexpectedResponse, None),
		(200, [SENT], UnexpectedResponse, None),
		(302, SENT, UnexpectedResponse, None),
		(400, {"error_message": "quoted"}, RequestRejected, True),
		(401, NOT_JSON, CredentialsRejected, True),
		(402, NOT_JSON, PaymentRequired, True),
		(403, NOT_JSON, CredentialsRejected, True),
		(404, NOT_JSON, RequestRejected, True),
		(429, NOT_JSON, RateLimited, True),
		(500, SENT, ServiceUnavailable, None),
		(503, NOT_JSON, ServiceUnavailable, None),
	],
)
def test_every_other_answer_is_a_failure_that_says_whether_the_message_was_sent(
	status, content, kind, was_sent
):
	failure = classify(status, {}, content)
	assert type(failure) is kind
	assert (failure.service, failure.status, failure.was_sent) == ("sendblue", status, was_sent)
	assert failure.detail in ("", "not a message")


@pytest.mark.parametrize(("said", "seconds"), [("2", 2), ("3600", 5), ("", 1)])
def test_a_429_says_when_to_come_back_within_what_a_person_waits(said, seconds):
	assert classify(429, {"retry-after": said}, NOT_JSON).retry_after == seconds
