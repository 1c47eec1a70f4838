"""The second contract's Issue object, and how errors are mapped to it.

See docs/api.md, "Errors".
"""

from dataclasses import dataclass
from datetime import datetime, timezone

from medgrid import exceptions
from medgrid.clients.shopify.errors import NotApproved, ScopeMissing, ShopNotFound, StoreLocked
from medgrid.clients.shopify.oauth.installation import CallbackRejected
from medgrid.clients.shopify.responses import SERVICE as SHOPIFY
from medgrid.core.text import one_line
from medgrid.http_client.errors import (
	AccessDenied,
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.services.failure_texts import failure_text
from medgrid.vertex.contract.operations import Operation

MAX_DETAIL = 500

# The status of an error is that of its class or its nearest base; 500 if it has none.
STATUSES: dict[type[BaseException], int] = {
	exceptions.InvalidInput: 400,
	exceptions.RequestTooLarge: 400,
	exceptions.RuleViolated: 400,
	exceptions.Conflict: 400,
	RequestRejected: 400,
	exceptions.NotSignedIn: 401,
	CredentialsRejected: 401,
	exceptions.NotPermitted: 403,
	AccessDenied: 403,
	PaymentRequired: 403,
	ScopeMissing: 403,
	StoreLocked: 403,
	NotApproved: 403,
	exceptions.NotFound: 404,
	ShopNotFound: 404,
	exceptions.TooManyRequests: 429,
	exceptions.WrongVerb: 501,
	UnexpectedResponse: 502,
	ServiceUnavailable: 503,
	RateLimited: 503,
	DeadlineExceeded: 503,
	exceptions.Busy: 503,
}

TITLES = {
	400: "Bad Request",
	401: "Unauthorized",
	403: "The server understands the request but refuses to authorize it.",
	404: "Resource not found",
	429: "Too Many Requests",
	500: "Internal Server Error",
	501: "Method not implemented",
	502: "Bad Gateway",
	503: "Service Unavailable",
}
# What the title says if the other side is the cause.
FOREIGN_TITLES = {"vertex": "Vertex connection failed", SHOPIFY: "Shopify connection failed"}
FOREIGN_STATUSES = (401, 403, 502, 503)

MALFORMED = (
	"Bad request. The server cannot or will not process the request due to malformed request syntax, invalid "
	"request message framing, or deceptive request routing."
)
OPENINGS = {
	400: "Bad request. Unable to process request.",
	401: "Authentication failure.",
	403: TITLES[403],
	404: "The resource being read or updated does not exist.",
	429: "Too many requests.",
	500: "Server encountered an unexpected condition. Stacktrace -",
	501: (
		"Method not implemented. The server does not support the functionality required to fulfill the "
		"request."
	),
	502: "Bad gateway. The server received an invalid response.",
	503: "Server is not ready to handle the request.",
}
# Why a request of the caller's failed is the caller's to know; what is stored concerns others, too. That
# other requests were being served concerns nobody a few seconds later.
STORED_STATUSES = (500, 502, 503)
STORED_IF_FOREIGN = (400, 401, 403)
NOT_STORED = (exceptions.Occupied,)


@dataclass(frozen=True)
class Problem:
	"""What is wrong, as the contract says it.

	:param detail: a sentence of the contract's, and what happened; at most MAX_DETAIL characters.
	:param is_stored: whether an Integration Issue records it.
	:param is_foreign: whether another system is the cause.
	"""

	status: int
	title: str
	detail: str
	is_stored: bool = False
	is_foreign: bool = False


def problem_of(error: BaseException, *, is_malformed: bool = False) -> Problem:
	"""Describes an error.

	:param error: an error of MedGrid's; anything else is a fault of its own.
	:param is_malformed: whether the request could not be read at all.
	"""
	if isinstance(error, exceptions.ServiceFailed):
		error = error.failure
	status = status_of(error)
	if status == 500 or not isinstance(error, exceptions.MedgridError):
		return fault(type(error).__name__)
	service = error.service if isinstance(error, IntegrationError) else ""
	# A callback that was refused is the caller's error, although Shopify is involved.
	is_foreign = bool(service)
	title = TITLES[status]
	if is_foreign and status in FOREIGN_STATUSES:
		title = FOREIGN_TITLES.get(service, title)
	# The contract's own sentence is complete.
	reason = "" if status == 501 else failure_text(error)
	opening = MALFORMED if status == 400 and is_malformed else OPENINGS[status]
	is_stored = status in STORED_STATUSES or (is_foreign and status in STORED_IF_FOREIGN)
	is_stored = is_stored and not isinstance(error, NOT_STORED)
	return Problem(status, title, _detail(opening, reason), is_stored, is_foreign)


def problem_with_status(status: int, reason: str = "", *, fault_kind: str = "Exception") -> Problem:
	"""Describes what Frappe has answered itself.

	:param status: Frappe's.
	:param reason: Frappe's sentence.
	:param fault_kind: the class of the exception behind a 500.
	"""
	if status not in OPENINGS:
		status = 400 if status < 500 else 500
	if status == 500:
		return fault(fault_kind)
	return Problem(status, TITLES[status], _detail(OPENINGS[status], reason), status in STORED_STATUSES)


def fault(kind: str) -> Problem:
	"""Describes a fault of MedGrid's.

	:param kind: the exception's class name; nothing else of it goes out.
	"""
	return Problem(500, TITLES[500], f"{OPENINGS[500]} {kind}"[:MAX_DETAIL], is_stored=True)


def status_of(error: BaseException) -> int:
	"""The HTTP status of an error."""
	if isinstance(error, CallbackRejected):
		return 400 if error.reason == "shop" else 403
	return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def issue_body(
	operation: Operation, problem: Problem, *, id: str, related_to: str, moment: datetime
) -> dict[str, str | int]:
	"""The eight members of contract B's Issue, in its order.

	:param moment: aware.
	"""
	return {
		"id": id,
		"version": operation.version,
		"type": operation.type,
		"title": problem.title,
		"status": problem.status,
		"detail": problem.detail,
		"timestamp": timestamp(moment),
		"relatedTo": related_to,
	}


def timestamp(moment: datetime) -> str:
	"""Contract B's form of a time: `YYYY-MM-DDTHH:MM:SSZ`.

	:param moment: aware.
	"""
	return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _detail(opening: str, reason: str) -> str:
	return f"{opening} {one_line(reason, MAX_DETAIL)}".strip()[:MAX_DETAIL]
