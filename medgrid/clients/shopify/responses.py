"""Classifies Shopify's responses. Pure.

Contract: "Integration-Specific Error Codes".
"""

import re
from collections.abc import Mapping
from typing import Any

from medgrid.clients.shopify.error_models import GraphQLError, MutationError, read_entries
from medgrid.clients.shopify.errors import (
	AuthorizationRejected,
	ScopeMissing,
	ShopInactive,
	ShopNotFound,
	StoreLocked,
	UserError,
	UserErrors,
)
from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.retrying import stated_wait

SERVICE = "shopify"
# The client never waits longer, whatever Retry-After states.
MAX_WAIT_SECONDS = 60.0
MAX_SCOPE = 100
_SCOPE = re.compile(r"[a-z0-9_]+", re.ASCII)

FAILURES: dict[int, type[IntegrationError]] = {
	401: CredentialsRejected,
	402: PaymentRequired,
	403: ScopeMissing,
	404: ShopNotFound,
	423: StoreLocked,
}
# The codes in a GraphQL error's `extensions`. Shopify does not begin a query that it throttles.
CODES: dict[str, type[IntegrationError]] = {
	"THROTTLED": RateLimited,
	"ACCESS_DENIED": ScopeMissing,
	"INTERNAL_SERVER_ERROR": ServiceUnavailable,
	"SHOP_INACTIVE": ShopInactive,
}


def classify(status: int, headers: Mapping[str, str], content: Any) -> IntegrationError | None:
	"""Classifies a response of the GraphQL endpoint.

	:param status: the HTTP status.
	:param headers: the response headers.
	:param content: the response's JSON, or NOT_JSON.
	:returns: the failure; None if `data` is an object and there are no `errors`.
	"""
	if failure := _failure_of_status(status, headers):
		return failure
	if not isinstance(content, dict):
		return UnexpectedResponse("not a JSON object", service=SERVICE, status=status)
	if content.get("errors"):
		return _failure_of_errors(read_entries(GraphQLError, content["errors"]))
	if not isinstance(content.get("data"), dict):
		return UnexpectedResponse("no data", service=SERVICE, status=status)
	return None


def classify_token_answer(status: int, headers: Mapping[str, str], content: Any) -> IntegrationError | None:
	"""Classifies a response of the token endpoint; `token_endpoint` reads the content of a success.

	:returns: the failure; None if the request succeeded.
	"""
	if status in (400, 401):
		return AuthorizationRejected(service=SERVICE, status=status)
	return _failure_of_status(status, headers)


def may_be_carried_out(content: Any, failure: IntegrationError) -> bool:
	"""Whether Shopify may have carried out a mutation although the response contains errors.

	Either `data` has a result, and only fields of the result failed; or an error has a path, and the mutation
	failed while it was carried out. The errors of a mutation that was not begun have no path.

	:param content: the content of a response with HTTP 200.
	:param failure: the failure from `classify`.
	"""
	data = content.get("data") if isinstance(content, dict) else None
	if isinstance(data, dict) and any(value is not None for value in data.values()):
		return True
	return isinstance(failure, RequestRejected) and any(
		entry.path for entry in read_entries(GraphQLError, content["errors"])
	)


def failure_of_user_errors(result: Mapping[str, Any]) -> IntegrationError | None:
	"""Converts the `userErrors` of a mutation's result.

	:returns: the failure; None if there are no `userErrors`.
	"""
	written = result.get("userErrors")
	if not written:
		return None
	entries = read_entries(MutationError, written)
	if not entries:
		return UnexpectedResponse("userErrors is not a list", service=SERVICE)
	return UserErrors(
		[UserError(entry.field or "", entry.message or "") for entry in entries], service=SERVICE
	)


def _failure_of_status(status: int, headers: Mapping[str, str]) -> IntegrationError | None:
	facts: dict[str, Any] = {"service": SERVICE, "status": status}
	if status == 200:
		return None
	if status == 429:
		return RateLimited(retry_after=stated_wait(headers, "Retry-After", most=MAX_WAIT_SECONDS), **facts)
	if kind := FAILURES.get(status):
		return kind(**facts)
	return (ServiceUnavailable if status >= 500 else UnexpectedResponse)(**facts)


def _failure_of_errors(entries: list[GraphQLError]) -> IntegrationError:
	if not entries:
		return UnexpectedResponse("errors is not a list", service=SERVICE)
	found = {entry.extensions.code for entry in entries if entry.extensions}
	kind = next((kind for code, kind in CODES.items() if code in found), RequestRejected)
	if kind is RateLimited:
		# The cost bucket determines how long to wait.
		return RateLimited(service=SERVICE, retry_after=0)
	detail = "; ".join(entry.message or "" for entry in entries)
	return kind(_required_access(entries) if kind is ScopeMissing else detail, service=SERVICE)


def _required_access(entries: list[GraphQLError]) -> str:
	"""The missing scope, e.g. "read_products"; Shopify writes "`read_products` access scope."."""
	for entry in entries:
		text = (entry.extensions and entry.extensions.requiredAccess) or ""
		if text.count("`") >= 2:
			scope = text.split("`")[1][:MAX_SCOPE]
			return scope if _SCOPE.fullmatch(scope) else ""
	return ""
