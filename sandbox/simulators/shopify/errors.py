"""What the simulated shop refuses, by the place where it is turned into an answer."""

from typing import Any

from graphql import GraphQLError

from sandbox.simulators.common import errors

DOCUMENTATION = "https://shopify.dev/api/usage"


class Refused(errors.Refused):
	"""A request that fails as a whole: `{"errors": "…"}` with a status."""

	def __init__(self, status: int, message: str, headers: dict[str, str] | None = None):
		super().__init__(message, {"errors": message}, status=status, headers=headers)


class ApiError(GraphQLError):
	"""An entry of a GraphQL answer's `errors`, with Shopify's code."""

	def __init__(self, message: str, code: str, page: str = "response-codes", **extensions: Any):
		documentation = f"{DOCUMENTATION}/{page}"
		super().__init__(message, extensions={"code": code, "documentation": documentation, **extensions})


def access_denied(field: str, scope: str) -> ApiError:
	required = f"`{scope}` access scope."
	return ApiError(
		f"Access denied for {field} field. Required access: {required}",
		"ACCESS_DENIED",
		"access-scopes",
		requiredAccess=required,
	)


def throttled() -> ApiError:
	return ApiError("Throttled", "THROTTLED", "rate-limits")


def too_expensive(cost: int, highest: int) -> ApiError:
	return ApiError(
		f"Query cost is {cost}, which exceeds the single query max cost limit ({highest}).",
		"MAX_COST_EXCEEDED",
		"rate-limits",
		cost=cost,
		maxCost=highest,
	)


def invalid(message: str) -> ApiError:
	"""Arguments that the schema allows and Shopify does not. The wording is ours."""
	return ApiError(message, "BAD_REQUEST")
