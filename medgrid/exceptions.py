"""What can go wrong in MedGrid, as classes with a meaning.

Features and clients raise these; they know nothing of HTTP. Which status each becomes is in
`medgrid.api.errors`. See docs/adr/0023-errors-are-classes.md.
"""


class MedgridError(Exception):
	"""Base of all; the message is shown to users, so it names no secret.

	:param retry_after: in seconds, for what succeeds later without anybody doing anything; None for all else.
	"""

	retry_after: float | None = None

	def __init__(self, *arguments: object, retry_after: float | None = None):
		super().__init__(*arguments)
		if retry_after is not None:
			self.retry_after = retry_after


class InvalidInput(MedgridError):
	"""A field is missing or not acceptable."""


class NotSignedIn(MedgridError):
	"""The caller must authenticate first."""


class NotPermitted(MedgridError):
	"""The caller's roles do not allow this."""


class NotFound(MedgridError):
	"""No such document, or no such endpoint."""


class Conflict(MedgridError):
	"""Done already, or being done right now by somebody else."""


class RuleViolated(MedgridError):
	"""A business rule forbids it as things stand."""


class TooManyRequests(MedgridError):
	"""The caller is over a limit of MedGrid's own, or must wait for that of another system."""


class Busy(MedgridError):
	"""Other work is in the way at this moment; the same request succeeds in a few seconds."""

	retry_after = 2.0
