"""Which answer is which failure."""

import pytest

from medgrid.clients.vertex.responses import (
	AddressRejected,
	TokenLimitReached,
	classify,
	classify_token_answer,
)
from medgrid.http_client.errors import (
	AccessDenied,
	CredentialsRejected,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.messages import NOT_JSON


@pytest.mark.parametrize(
	("status", "kind"),
	[
		(400, RequestRejected),
		(401, CredentialsRejected),
		(403, AccessDenied),
		(408, RateLimited),
		(429, RateLimited),
		*[(status, UnexpectedResponse) for status in (301, 302, 304, 402, 404, 405, 409, 415, 422)],
		*[(status, ServiceUnavailable) for status in (500, 501, 502, 503, 504, 599)],
	],
)
@pytest.mark.parametrize("content", [NOT_JSON, None, [], {}, {"errors": "x"}, {"errors": [None, 1, {}]}])
def test_each_status_has_its_failure_whatever_the_body(status, kind, content):
	failure = classify(status, {}, content)
	assert type(failure) is kind
	assert (failure.status, failure.detail) == (status, "")


@pytest.mark.parametrize("status", [200, 201])
def test_a_success_is_no_failure_and_html_is_one(status):
	assert classify(status, {}, {"data": {}}) is None
	assert type(classify(status, {}, NOT_JSON)) is UnexpectedResponse


@pytest.mark.parametrize(
	("error", "reason"),
	[
		(
			{
				"status": "400",
				"code": "VertexApplicationException",
				"title": "Bad Request",
				"detail": "No lines.",
			},
			"No lines.",
		),
		({"code": "X", "message": "A wrong enum.", "target": "lineItems"}, "A wrong enum."),
		({"title": "Bad Request"}, "Bad Request"),
		({"detail": {"a": 1}, "message": "", "title": "Bad\nRequest"}, "Bad Request"),
		({"detail": "x" * 1000}, "x" * 300),
	],
)
def test_both_forms_of_an_error_are_read_and_cut(error, reason):
	assert classify(400, {}, {"errors": [error], "meta": {}}).detail == reason


@pytest.mark.parametrize(
	"error",
	[
		{"code": "VertexInvalidAddressException", "detail": "1420 N Lake Shore Dr"},
		{"code": "VertexInvalidCountryException"},
		{"code": "VertexInvalidTaxAreaIdException"},
		{"detail": "No tax areas were found during the lookup. The address fields are: 1420 N Lake Shore Dr"},
		{"message": "The LocationRole being added is invalid. 1420 N Lake Shore Dr"},
	],
)
def test_a_rejected_address_is_not_repeated(error):
	failure = classify(400, {}, {"errors": [error]})
	assert type(failure) is AddressRejected
	assert "Lake Shore" not in str(failure)


def test_a_stated_pause_is_bounded():
	assert classify(429, {"retry-after": "7"}, NOT_JSON).retry_after == 7
	assert classify(429, {"retry-after": "1e9"}, NOT_JSON).retry_after == 60
	assert classify(429, {"retry-after": "soon"}, NOT_JSON).retry_after == 1


@pytest.mark.parametrize(
	("status", "content", "kind"),
	[
		(400, {"error": "invalid_client"}, CredentialsRejected),
		(401, {"error": "access_denied", "error_description": "Unauthorized"}, CredentialsRejected),
		(401, NOT_JSON, CredentialsRejected),
		(403, {"error": "access_denied"}, AccessDenied),
		(400, {"error": "unsupported_grant_type"}, RequestRejected),
		(429, {}, RateLimited),
		(302, NOT_JSON, UnexpectedResponse),
		(415, {}, UnexpectedResponse),
		(503, NOT_JSON, ServiceUnavailable),
		(200, NOT_JSON, UnexpectedResponse),
	],
)
def test_each_answer_of_a_token_endpoint_has_its_failure(status, content, kind):
	assert type(classify_token_answer(status, {}, content)) is kind


@pytest.mark.parametrize(
	("window", "seconds"),
	[("28800", 28_800), ("10", 10), ("0", 1), ("999999", 86_400), ("x", 28_800)],
)
def test_the_token_limit_is_told_from_other_refusals(window, seconds):
	text = f"Client abc audience x has exceeded the rate limit of 10 tokens/{window} seconds"
	failure = classify_token_answer(400, {}, {"error": "invalid_request", "error_description": text})
	assert type(failure) is TokenLimitReached
	assert failure.retry_after == seconds
	assert "abc" not in str(failure)
