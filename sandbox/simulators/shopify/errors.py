"""What the simulated shop refuses, by the place where it is turned into an answer."""

from graphql import GraphQLError

from sandbox.simulators.common.errors import ControlRefused

__all__ = ["ApiError", "ControlRefused", "OAuthRefused", "PageRefused", "Refused"]

DOCUMENTATION = "https://shopify.dev/api/usage"


class Refused(Exception):
	"""A request that fails as a whole: `{"errors": "…"}` with a status."""

	def __init__(self, status: int, errors: str, headers: dict[str, str] | None = None):
		super().__init__(errors)
		self.status = status
		self.body = {"errors": errors}
		self.headers = headers or {}


class OAuthRefused(Exception):
	"""A token request that is wrong: 400 `{"error": …, "error_description": …}`."""

	def __init__(self, error: str, description: str):
		super().__init__(description)
		self.body = {"error": error, "error_description": description}


class PageRefused(Exception):
	"""An authorization that is wrong: a page with status 400, and no redirect anywhere."""


class ApiError(GraphQLError):
	"""An entry of a GraphQL answer's `errors`, with Shopify's code."""

	def __init__(self, message: str, code: str, page: str = "response-codes", **extensions):
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
