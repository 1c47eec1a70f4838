"""Limits on how often one address may call a public endpoint."""

from medgrid import rate_limits
from medgrid.rate_limits import Limit

MINUTE = 60


def count(name: str, per_minute: int) -> None:
	"""Counts a call from this request's address.

	:param name: of what is counted.
	:raises RateLimited: it is one too many within this minute (429).
	"""
	rate_limits.take((Limit(name, per_minute, MINUTE), rate_limits.caller()))
