"""The Exoceuticals store's failures, as answers to an administrator who asked for something at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from medgrid.exceptions import RateLimited, RuleViolated
from medgrid.integrations.errors import IntegrationError, OutOfTime, RateLimitExceeded


@contextmanager
def told_to_caller() -> Iterator[None]:
	"""
	:raises RateLimited: Shopify's rate limit is used up (429).
	:raises RuleViolated: any other failure of the exchange, in its own words: nothing of ours is broken
		(417).
	"""
	try:
		yield
	except (RateLimitExceeded, OutOfTime) as error:
		raise RateLimited(str(error)) from None
	except IntegrationError as error:
		raise RuleViolated(str(error)) from None
