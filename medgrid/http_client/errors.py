"""What can go wrong with the other side of an integration, each with a sentence that a vendor can act on."""

from medgrid.exceptions import MedgridError


class IntegrationError(MedgridError):
	"""Base: the exchange failed. The message is shown to the vendor and names no secret."""


class CredentialsRejected(IntegrationError):
	"""The other side does not accept the credentials."""


class PaymentRequired(IntegrationError):
	"""The vendor's account at the other side is not paid for."""


class RateLimited(IntegrationError):
	"""Still over the rate limit after all retries."""


class ServiceUnavailable(IntegrationError):
	"""The other side is down, too slow, or cannot be reached."""


class UnexpectedResponse(IntegrationError):
	"""The other side answered something that makes no sense."""


class RequestRejected(IntegrationError):
	"""The other side understood one request and refuses it; the others may go on."""


class DeadlineExceeded(IntegrationError):
	"""Going on would take longer than there is time now; the rest is to be done later."""
