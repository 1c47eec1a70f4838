"""The failures of an exchange with another system. Pure.

`str(error)` is one technical sentence, for logs. `medgrid.services.failure_texts` makes the sentence for
people, where it is shown. Neither contains a secret.
"""

from typing import ClassVar

from medgrid.core.text import one_line
from medgrid.exceptions import MedgridError

MAX_DETAIL = 500


class IntegrationError(MedgridError):
	"""Base: an exchange with another system failed.

	:param detail: the other system's reason, or what is wrong with its response. It is foreign text, and is
		therefore shortened to one line of at most MAX_DETAIL characters.
	:param service: the other system, e.g. "shipstation".
	:param status: the HTTP status of the response; None: there was no response, or the status is not the
		cause.
	:param was_sent: whether the request arrived: True, False, or None if it is unknown. If the argument is
		None, the class's default applies.
	:param retry_after: seconds after which the other system permits the next request; 0 if it names no time.
		Set only if it rejected the request before it did anything.
	:param request_id: the other system's ID of the exchange. Its support needs it.
	"""

	summary: ClassVar[str] = "the exchange failed"
	# Whether the same request may succeed when it is repeated soon.
	is_passing: ClassVar[bool] = False
	was_sent: bool | None = True

	def __init__(
		self,
		detail: str = "",
		*,
		service: str = "",
		status: int | None = None,
		was_sent: bool | None = None,
		retry_after: float | None = None,
		request_id: str | None = None,
	):
		self.detail = one_line(detail, MAX_DETAIL)
		super().__init__(self.detail, retry_after=retry_after)
		self.service, self.status, self.request_id = service, status, request_id
		if was_sent is not None:
			self.was_sent = was_sent

	def __str__(self) -> str:
		if not self.service:
			return self.detail or self.summary
		facts = [f"HTTP {self.status}"] if self.status else []
		if self.request_id:
			facts.append(f"request id {self.request_id}")
		known = f" ({', '.join(facts)})" if facts else ""
		return f"{self.service}: {self.summary}{known}" + (f": {self.detail}" if self.detail else "")


class CredentialsRejected(IntegrationError):
	"""The other system does not accept the credentials."""

	summary = "the credentials were rejected"


class AccessDenied(IntegrationError):
	"""The other system knows the credentials, and they do not permit this request."""

	summary = "the access was denied"


class PaymentRequired(IntegrationError):
	"""The account in the other system is not paid for, or its plan does not include the API."""

	summary = "the account must be paid for"


class RateLimited(IntegrationError):
	"""The other system's rate limit is reached; it did nothing. MedGrid's own limits raise
	`exceptions.TooManyRequests`."""

	summary = "the rate limit is reached"
	is_passing = True


class ServiceUnavailable(IntegrationError):
	"""The other system is down, too slow, or cannot be reached."""

	summary = "the service is unavailable"
	is_passing = True
	was_sent: bool | None = None


class NotSent(ServiceUnavailable):
	"""No connection could be made, so the request certainly did not arrive."""

	summary = "no connection could be made"
	was_sent = False


class OutcomeUnknown(ServiceUnavailable):
	"""A request that must not be repeated was sent, and its response is missing or cannot be understood: it
	is unknown whether the other system carried it out."""

	summary = "it is not known whether the request was carried out"


class UnexpectedResponse(IntegrationError):
	"""The other system's response cannot be understood."""

	summary = "the response was not understood"
	is_passing = True
	was_sent: bool | None = None


class InvalidRecord(UnexpectedResponse):
	"""The response is an answer to the request, but the record in it is not valid, e.g. its ID is not one.
	This concerns the record; requests about other records may succeed."""


class RequestRejected(IntegrationError):
	"""The other system understood this request and rejects it; other requests may succeed."""

	summary = "the request was rejected"


class ResourceNotFound(RequestRejected):
	"""The other system has no resource with this name or ID."""

	summary = "the resource does not exist"


class DeadlineExceeded(IntegrationError):
	"""The deadline does not leave enough time for the exchange, or ended before the response. The caller can
	try again later.

	`was_sent` is False if the request was not sent. `retry_after` is set if a rate limit requires a wait
	beyond the deadline.
	"""

	summary = "there is not enough time"
	was_sent = None


def outcome_unknown(failure: IntegrationError) -> OutcomeUnknown:
	"""Converts a failure of a request that must not be repeated.

	:param failure: a failure that leaves open whether the request was carried out.
	:returns: an `OutcomeUnknown` with the same detail, service, status and request ID.
	"""
	return OutcomeUnknown(
		failure.detail, service=failure.service, status=failure.status, request_id=failure.request_id
	)
