"""Failures as facts, and as one technical sentence."""

import pickle

import pytest

from medgrid.http_client.errors import (
	MAX_DETAIL,
	NotSent,
	OutcomeUnknown,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	outcome_unknown,
)


def test_the_sentence_has_the_facts():
	error = ServiceUnavailable("busy", service="shopify", status=503, request_id="r-1")
	assert str(error) == "shopify: the service is unavailable (HTTP 503, request id r-1): busy"
	assert str(NotSent(service="sendblue")) == "sendblue: no connection could be made"


@pytest.mark.parametrize(
	("said", "kept"),
	[
		("a\r\n b\tc", "a b c"),
		("nul\0 and half \ud800", "nul and half "),
		("left\u202eright", "leftright"),
		("x" * 9000, "x" * MAX_DETAIL),
		("<b>bold</b>", "<b>bold</b>"),
	],
)
def test_what_the_other_side_says_is_one_short_line_of_text(said, kept):
	assert RequestRejected(said, service="shipstation").detail == kept


def test_a_class_says_whether_the_request_arrived_and_an_error_may_know_better():
	assert (NotSent().was_sent, ServiceUnavailable().was_sent, RequestRejected().was_sent) == (
		False,
		None,
		True,
	)
	assert ServiceUnavailable(was_sent=False).was_sent is False
	assert ServiceUnavailable().was_sent is None


def test_an_unknown_outcome_keeps_the_facts_and_is_never_sure():
	error = outcome_unknown(RateLimited("x", service="sendblue", status=429, request_id="r"))
	assert type(error) is OutcomeUnknown
	assert (error.was_sent, error.detail, error.service, error.status, error.request_id) == (
		None,
		"x",
		"sendblue",
		429,
		"r",
	)


def test_an_error_survives_a_queue():
	error = pickle.loads(pickle.dumps(RateLimited("x", service="sendblue", retry_after=3)))
	assert (str(error), error.retry_after) == ("sendblue: the rate limit is reached: x", 3)
