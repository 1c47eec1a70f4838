"""What each of Shopify's answers means. Contract: "Integration-Specific Error Codes"."""

import pytest

from medgrid.clients.shopify.errors import (
	AuthorizationRejected,
	ScopeMissing,
	ShopInactive,
	ShopNotFound,
	StoreLocked,
	UserErrors,
)
from medgrid.clients.shopify.responses import (
	classify,
	classify_token_answer,
	failure_of_user_errors,
	may_be_carried_out,
)
from medgrid.http_client.errors import (
	CredentialsRejected,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.messages import NOT_JSON

DATA = {"data": {"shop": {"name": "A"}}}
STATUSES = [
	(302, UnexpectedResponse),
	(402, PaymentRequired),
	(403, ScopeMissing),
	(404, ShopNotFound),
	(418, UnexpectedResponse),
	(423, StoreLocked),
	(429, RateLimited),
	(500, ServiceUnavailable),
	(503, ServiceUnavailable),
]


def of_errors(*errors, data=None):
	return classify(200, {}, {"errors": list(errors), "data": data})


def error(code=None, message="no", **more):
	return {"message": message, **({"extensions": {"code": code}} if code else {}), **more}


@pytest.mark.parametrize("content", [DATA, {**DATA, "errors": []}, {**DATA, "errors": None}, {"data": {}}])
def test_data_without_errors_is_a_success(content):
	assert classify(200, {}, content) is None


@pytest.mark.parametrize(
	("status", "kind"), [*STATUSES, (400, UnexpectedResponse), (401, CredentialsRejected)]
)
def test_a_status_that_is_not_200_is_a_failure_of_its_kind(status, kind):
	failure = classify(status, {}, DATA)
	assert type(failure) is kind
	assert (failure.service, failure.status) == ("shopify", status)


@pytest.mark.parametrize(
	("status", "kind"), [*STATUSES, (400, AuthorizationRejected), (401, AuthorizationRejected)]
)
def test_the_token_endpoint_rejects_a_code_and_a_refresh_token_with_400_or_401(status, kind):
	assert type(classify_token_answer(status, {}, NOT_JSON)) is kind


def test_what_the_token_endpoint_answers_with_200_is_not_for_this_to_judge():
	assert classify_token_answer(200, {}, NOT_JSON) is None


@pytest.mark.parametrize(("said", "seconds"), [("2.0", 2), ("3600", 60), ("", 1)])
def test_a_429_says_when_to_come_back_within_a_minute(said, seconds):
	assert classify(429, {"retry-after": said}, NOT_JSON).retry_after == seconds


@pytest.mark.parametrize(
	"content",
	[
		NOT_JSON,
		None,
		[],
		"text",
		{},
		{"data": None},
		{"data": []},
		{"data": "text"},
		{"errors": 5},
		{"errors": "<img src=x>"},
		{"errors": {"message": "no"}},
		{"errors": ["no"]},
	],
)
def test_what_graphql_never_answers_is_unexpected(content):
	failure = classify(200, {}, content)
	assert type(failure) is UnexpectedResponse
	assert failure.was_sent is None


@pytest.mark.parametrize(
	("code", "kind"),
	[
		("THROTTLED", RateLimited),
		("ACCESS_DENIED", ScopeMissing),
		("INTERNAL_SERVER_ERROR", ServiceUnavailable),
		("SHOP_INACTIVE", ShopInactive),
		("MAX_COST_EXCEEDED", RequestRejected),
		(None, RequestRejected),
	],
)
def test_the_code_of_an_error_says_what_it_is(code, kind):
	assert type(of_errors(error(code))) is kind
	assert type(of_errors(error("undefinedField"), error(code))) is kind


def test_a_throttled_query_was_not_begun_and_names_no_time():
	assert of_errors(error("THROTTLED")).retry_after == 0


@pytest.mark.parametrize(
	("said", "named"),
	[
		("`read_orders` access scope.", "read_orders"),
		("`" + "x" * 500 + "` access scope.", "x" * 100),
		("an access scope", ""),
		(5, ""),
	],
)
def test_a_permission_that_is_denied_is_named(said, named):
	entry = {"message": "Access denied", "extensions": {"code": "ACCESS_DENIED", "requiredAccess": said}}
	assert of_errors(entry).detail == named


@pytest.mark.parametrize("extensions", [[1], "x", None, 5, {"code": ["THROTTLED"]}, {"code": {}}])
def test_extensions_that_are_none_say_nothing(extensions):
	failure = of_errors({"message": "a", "extensions": extensions})
	assert type(failure) is RequestRejected
	assert failure.detail == "a"


def test_the_messages_are_kept_as_one_short_line():
	failure = of_errors(error(message="a\u202e\u0000"), error(message="b\nc"), {}, error(message="x" * 900))
	assert failure.detail.startswith("a; b c; ; xxx")
	assert len(failure.detail) == 500


# Mutations


@pytest.mark.parametrize(
	("content", "is_open"),
	[
		({"errors": [error()], "data": None}, False),
		({"errors": [error()], "data": {"orderCreate": None}}, False),
		({"errors": [error()], "data": {"orderCreate": {"order": None}}}, True),
		({"errors": [error(path=["orderCreate"])], "data": None}, True),
		({"errors": [error(path=["orderCreate", "order", "name"])], "data": {"orderCreate": None}}, True),
		({"errors": [error("INTERNAL_SERVER_ERROR", path=["orderCreate"])], "data": None}, False),
	],
)
def test_an_error_within_a_mutation_leaves_open_whether_it_was_carried_out(content, is_open):
	failure = classify(200, {}, content)
	assert failure and may_be_carried_out(content, failure) is is_open


def test_user_errors_are_a_rejection_with_field_and_message():
	failure = failure_of_user_errors(
		{"userErrors": [{"field": ["order", "lineItems", 0], "message": "gone"}, {"message": "no address"}]}
	)
	assert type(failure) is UserErrors
	assert [str(each) for each in failure.errors] == ["order.lineItems.0: gone", "no address"]
	assert failure.detail == "order.lineItems.0: gone; no address"
	assert failure.was_sent is True


@pytest.mark.parametrize("written", [None, [], {}, 0])
def test_no_user_errors_are_a_success(written):
	assert failure_of_user_errors({"userErrors": written}) is None
	assert failure_of_user_errors({}) is None


@pytest.mark.parametrize("written", [5, "text", ["x"], {"message": "no"}])
def test_user_errors_that_are_none_are_unexpected(written):
	assert type(failure_of_user_errors({"userErrors": written})) is UnexpectedResponse


def test_a_field_that_is_no_path_is_no_reason_to_stumble():
	assert failure_of_user_errors({"userErrors": [{"field": 5}]}).detail == "5:"
