"""What each of ShipStation's answers means. Contract: "Integration-Specific Error Codes"."""

import pytest

from medgrid.clients.shipstation.responses import classify
from medgrid.http_client.errors import (
	CredentialsRejected,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ResourceNotFound,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.messages import NOT_JSON


@pytest.mark.parametrize("content", [{}, [], None, 0, ""])
@pytest.mark.parametrize("status", [200, 201, 204])
def test_json_with_a_good_status_is_a_success(status, content):
	assert classify(status, {}, content) is None


@pytest.mark.parametrize(
	("status", "kind"),
	[
		(200, UnexpectedResponse),
		(302, UnexpectedResponse),
		(304, UnexpectedResponse),
		(400, RequestRejected),
		(401, CredentialsRejected),
		(402, PaymentRequired),
		(403, RequestRejected),
		(404, ResourceNotFound),
		(418, RequestRejected),
		(429, RateLimited),
		(500, ServiceUnavailable),
		(503, ServiceUnavailable),
		(599, ServiceUnavailable),
	],
)
def test_every_other_status_is_a_failure_of_its_kind(status, kind):
	failure = classify(status, {}, NOT_JSON)
	assert type(failure) is kind
	assert (failure.service, failure.status) == ("shipstation", status)


@pytest.mark.parametrize(
	("headers", "seconds"),
	[
		({}, 1),
		({"retry-after": "7"}, 7),
		({"x-rate-limit-reset": "9"}, 9),
		({"retry-after": "soon", "x-rate-limit-reset": "9"}, 9),
		({"retry-after": "inf"}, 60),
		({"retry-after": "1e400"}, 60),
		({"retry-after": "-5"}, 0.1),
	],
)
def test_a_429_says_when_to_come_back_within_a_minute(headers, seconds):
	assert classify(429, headers, NOT_JSON).retry_after == seconds


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_only_a_429_says_when_to_come_back(status):
	assert classify(status, {"retry-after": "7"}, NOT_JSON).retry_after is None


@pytest.mark.parametrize(
	("content", "reason"),
	[
		({"message": "No such store."}, "No such store."),
		({"Message": "The request is invalid."}, "The request is invalid."),
		(
			{"Message": "Invalid.", "ModelState": {"apiOrder.shipTo": ["City is required.", "State too."]}},
			"Invalid. apiOrder.shipTo: City is required. State too.",
		),
		({"message": 5, "ModelState": {"a": "b"}}, "5 a: b"),
		({"message": "x" * 9000}, "x" * 500),
		({"message": "a\u202eb\u0000"}, "ab"),
		({"ModelState": [1]}, ""),
		([], ""),
		("text", ""),
		(NOT_JSON, ""),
	],
)
def test_what_shipstation_says_of_a_rejection_is_kept_as_a_short_line(content, reason):
	assert classify(400, {}, content).detail == reason
