"""What can go wrong in an exchange with another system, as facts. Pure.

`str(error)` is one technical sentence, for logs. The sentence for people is made where it is shown, by
`medgrid.services.failure_texts`. Neither names a secret.
"""

from typing import ClassVar

from medgrid.core.text import one_line
from medgrid.exceptions import MedgridError

MAX_DETAIL = 500


class IntegrationError(MedgridError):
	"""Base: an exchange with another system failed.

	:param detail: what the other side said of it, or what is wrong with its answer. Foreign text: it is made
		one line of at most MAX_DETAIL characters.
	:param service: which system, e.g. "shipstation".
	:param status: the HTTP status of its answer; None: there was none, or it is not the point.
	:param was_sent: whether the request arrived: True, False, or None where nobody knows. None given: as is
		usual for the class.
	:param retry_after: seconds after which the other side wants to be asked again; 0 where it does not say.
		Set only where it refused before it did anything.
	:param request_id: the other side's name for the exchange; its support asks for it.
	"""

	summary: ClassVar[str] = "the exchange failed"
	# Whether the same request may succeed a little later.
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
	"""The other side does not accept the credentials."""

	summary = "the credentials were rejected"


class PaymentRequired(IntegrationError):
	"""The account at the other side is not paid for, or its plan does not include the API."""

	summary = "the account must be paid for"


class RateLimited(IntegrationError):
	"""The other side's rate limit is reached: it did nothing. Ours are `exceptions.TooManyRequests`."""

	summary = "the rate limit is reached"
	is_passing = True


class ServiceUnavailable(IntegrationError):
	"""The other side is down, too slow, or cannot be reached."""

	summary = "the service is unavailable"
	is_passing = True
	was_sent: bool | None = None


class NotSent(ServiceUnavailable):
	"""No connection came about: the request certainly did not arrive."""

	summary = "no connection could be made"
	was_sent = False


class OutcomeUnknown(ServiceUnavailable):
	"""A request that must not be repeated was sent, and no answer understood: it was carried out, or not."""

	summary = "it is not known whether the request was carried out"


class UnexpectedResponse(IntegrationError):
	"""The other side's answer cannot be understood."""

	summary = "the answer was not understood"
	is_passing = True
	was_sent: bool | None = None


class RequestRejected(IntegrationError):
	"""The other side understood one request and refuses it; others may succeed."""

	summary = "the request was rejected"


class ResourceNotFound(RequestRejected):
	"""The other side has nothing of this name or number."""

	summary = "the resource does not exist"


class DeadlineExceeded(IntegrationError):
	"""There is no time for the exchange, or for its answer; it can be begun again later.

	`was_sent` is False where it was not begun. `retry_after` is set where a rate limit would have to be
	waited for.
	"""

	summary = "there is not enough time"
	was_sent = None


def outcome_unknown(failure: IntegrationError) -> OutcomeUnknown:
	"""What a failure comes to for a request that must not be repeated, with the failure's facts."""
	return OutcomeUnknown(
		failure.detail, service=failure.service, status=failure.status, request_id=failure.request_id
	)
