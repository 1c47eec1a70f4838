"""What can go wrong in MedGrid, as classes with a meaning.

Domain modules and clients raise these with a sentence for the user; `medgrid.api.errors` alone knows which
HTTP answer each becomes.
"""


class MedgridError(Exception):
	"""Base of all; the message is shown to users, so it names no secret."""


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
	"""Too many requests."""
