"""What Shopify's answers mean: content, or a failure with a sentence that somebody can act on. Pure.

Contract: "Integration-Specific Error Codes".
"""

from collections.abc import Mapping
from typing import Any

from frappe import _

from medgrid.clients.shopify.errors import (
	OutcomeUnknown,
	ScopeMissing,
	ShopNotFound,
	StoreLocked,
	Throttled,
	UserError,
	UserErrors,
)
from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	PaymentRequired,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.retrying import stated_wait

# No Retry-After makes us wait longer.
MAX_WAIT_SECONDS = 60.0
MAX_TEXT = 300


def failure_of_status(status: int) -> IntegrationError | None:
	"""The failure that an HTTP status stands for; None if it is a success."""
	match status:
		case 200:
			return None
		case 401:
			return token_rejected()
		case 402:
			return store_frozen()
		case 403:
			return scope_missing()
		case 404:
			return shop_not_found()
		case 423:
			return StoreLocked(
				_("Shopify has locked this store. Its owner has to contact Shopify's support.")
			)
		case 429:
			return throttled()
	if status >= 500:
		return ServiceUnavailable(
			_("Shopify has a problem of its own (HTTP {0}). Try again later.").format(status)
		)
	return UnexpectedResponse(_("Shopify answered HTTP {0}, which makes no sense here.").format(status))


def failure_of_errors(errors: Any) -> IntegrationError | None:
	"""The failure that the `errors` of a GraphQL answer stand for; None if there are none.

	:param errors: a list of `{message, extensions: {code}}`; other shapes are understood as failures too.
	"""
	if not errors:
		return None
	entries = [entry for entry in errors if isinstance(entry, dict)] if isinstance(errors, list) else []
	codes = {str((entry.get("extensions") or {}).get("code")) for entry in entries}
	if "THROTTLED" in codes:
		return throttled()
	if "ACCESS_DENIED" in codes:
		return scope_missing(_required_access(entries))
	if "INTERNAL_SERVER_ERROR" in codes:
		return ServiceUnavailable(_("Shopify has a problem of its own. Try again later."))
	if "SHOP_INACTIVE" in codes:
		return PaymentRequired(
			_("Shopify says that this store is not active. Open it in Shopify, then try again.")
		)
	texts = "; ".join(str(entry.get("message") or "") for entry in entries) or str(errors)
	return RequestRejected(_("Shopify refuses the request: {0}").format(texts[:MAX_TEXT]))


def user_errors_of(result: Any) -> UserErrors | None:
	"""The `userErrors` of a mutation's result, as an exception; None if there are none."""
	found = [
		UserError(".".join(map(str, entry.get("field") or [])), str(entry.get("message") or ""))
		for entry in (result or {}).get("userErrors") or []
	]
	return UserErrors(found) if found else None


def seconds_to_wait(headers: Mapping[str, str]) -> float:
	"""How long a 429 asks to wait."""
	return stated_wait(headers, "Retry-After", most=MAX_WAIT_SECONDS)


def token_rejected() -> CredentialsRejected:
	return CredentialsRejected(
		_("Shopify no longer accepts the access token. Disconnect and connect the store again.")
	)


def store_frozen() -> PaymentRequired:
	return PaymentRequired(
		_("Shopify has frozen this store for want of payment. Update its billing in Shopify, then try again.")
	)


def shop_not_found() -> ShopNotFound:
	return ShopNotFound(
		_("Shopify knows no such store, or not this version of its API. Check the domain, then reconnect.")
	)


def scope_missing(required: str = "") -> ScopeMissing:
	permission = f" ({required})" if required else ""
	return ScopeMissing(
		_("Shopify denies a permission that this needs{0}. Connect the store again and grant it.").format(
			permission
		)
	)


def throttled() -> Throttled:
	return Throttled(_("Shopify's rate limit is used up for now. Try again in a minute."))


def unexpected_response() -> UnexpectedResponse:
	return UnexpectedResponse(_("Shopify sent an answer that makes no sense. Try again later."))


def timed_out() -> ServiceUnavailable:
	return ServiceUnavailable(_("Shopify does not answer in time. Try again later."))


def outcome_unknown() -> OutcomeUnknown:
	return OutcomeUnknown(_("Shopify's answer was lost, so it is not known whether this was done."))


def _required_access(entries: list[dict]) -> str:
	"""E.g. "read_products"; Shopify says it as "`read_products` access scope."."""
	for entry in entries:
		text = str((entry.get("extensions") or {}).get("requiredAccess") or "")
		if text.count("`") >= 2:
			return text.split("`")[1][:100]
	return ""
