"""The errors that MedGrid raises: one class for each kind of failure. Pure.

Features and clients raise them and know nothing of HTTP. `medgrid.api.errors` maps each class to an HTTP
status. See docs/adr/0023-errors-are-classes.md.
"""


class MedgridError(Exception):
	"""The base class of MedGrid's errors. Users read the message, so it contains no secret.

	:param retry_after: seconds after which the same request can succeed without any change; None if it
		cannot.
	"""

	retry_after: float | None = None

	def __init__(self, *arguments: object, retry_after: float | None = None):
		super().__init__(*arguments)
		if retry_after is not None:
			self.retry_after = retry_after


class InvalidInput(MedgridError):
	"""A field is missing or not acceptable."""


class RequestTooLarge(MedgridError):
	"""The request's body has more bytes than its address takes."""


class NotSignedIn(MedgridError):
	"""The caller must authenticate first."""


class NotPermitted(MedgridError):
	"""The caller's roles do not allow this."""


class NotFound(MedgridError):
	"""No such document, or no such endpoint."""


class WrongVerb(MedgridError):
	"""The endpoint does not take this HTTP method.

	:param allowed: those that it takes.
	"""

	def __init__(self, *arguments: object, allowed: tuple[str, ...]):
		super().__init__(*arguments)
		self.allowed = allowed


class UnsupportedMedia(MedgridError):
	"""The request's body is declared as something that the endpoint does not read."""


class Conflict(MedgridError):
	"""The work is done already, or somebody else is doing it right now."""


class RuleViolated(MedgridError):
	"""A business rule forbids the request in the current state of the data."""


class TooManyRequests(MedgridError):
	"""The caller exceeded one of MedGrid's own limits, or must wait for another system's limit."""


class Busy(MedgridError):
	"""Other work holds the same data at this moment; the same request succeeds in a few seconds."""

	retry_after = 2.0


class Occupied(Busy):
	"""Nothing failed: other requests do the same, or have the room that this one needs."""


class ServiceFailed(MedgridError):
	"""Another system failed while it was asked on behalf of the caller, who is told how.

	:param failure: the failure (`http_client.errors`).
	"""

	def __init__(self, failure: MedgridError):
		super().__init__(str(failure), retry_after=failure.retry_after)
		self.failure = failure
