"""What can go wrong with Shopify besides what goes wrong everywhere (`integrations/errors.py`)."""

from dataclasses import dataclass

from frappe import _

from medgrid.http_client.errors import IntegrationError, RateLimited, RequestRejected, ServiceUnavailable


class ScopeMissing(IntegrationError):
	"""The token is good, and may not do this."""


class StoreLocked(IntegrationError):
	"""Shopify has locked the shop; nobody but its owner and Shopify can do anything about it."""


class ShopNotFound(IntegrationError):
	"""There is no such shop, or it does not know this version of the API."""


class Throttled(RateLimited):
	"""Not done, for want of points in the bucket: repeating it is safe.

	`retry_after`: seconds for which Shopify wants to hear nothing, where it said so (HTTP 429).
	"""

	retry_after: float = 0


class Unreachable(ServiceUnavailable):
	"""The request did not get there: repeating it is safe."""


class CutShort(ServiceUnavailable):
	"""There was no time left to wait for the answer."""


class OutcomeUnknown(ServiceUnavailable):
	"""A mutation was sent and no answer understood: it may have been done, or not."""


@dataclass(frozen=True)
class UserError:
	"""
	:param field: the path into the input, joined by dots; empty if Shopify names none.
	"""

	field: str
	message: str

	def __str__(self) -> str:
		return f"{self.field}: {self.message}" if self.field else self.message


class UserErrors(RequestRejected):
	"""A mutation that Shopify rejects, and did not do. Contract: "userErrors array in 200 response".

	:param errors: the entries of `userErrors`.
	"""

	def __init__(self, errors: list[UserError]):
		self.errors = errors
		super().__init__(_("Shopify refuses this: {0}").format("; ".join(map(str, errors))))
