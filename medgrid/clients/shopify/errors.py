"""What can go wrong with Shopify besides what goes wrong everywhere (`http_client.errors`). Pure."""

from dataclasses import dataclass
from typing import Any

from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	PaymentRequired,
	RequestRejected,
)


class AuthorizationRejected(CredentialsRejected):
	"""An authorization code or a refresh token is not good any more, or the app's own secret is not."""

	summary = "the authorization was rejected"


class ShopInactive(PaymentRequired):
	"""The shop is closed."""

	summary = "the shop is not active"


class ScopeMissing(IntegrationError):
	"""The token is good, and may not do this; `detail` names the permission, where Shopify does."""

	summary = "the token lacks a permission"


class ScopesNotGranted(ScopeMissing):
	"""The merchant granted less than the app needs; `detail` names what is missing."""

	summary = "not all permissions were granted"


class StoreLocked(IntegrationError):
	"""Shopify has locked the shop; nobody but its owner and Shopify can do anything about it."""

	summary = "the shop is locked"


class ShopNotFound(IntegrationError):
	"""There is no such shop, or it does not know this version of the API."""

	summary = "the shop does not exist"


class NotApproved(IntegrationError):
	"""The merchant did not approve the installation."""

	summary = "the installation was not approved"


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

	:param errors: the entries of `userErrors`; `detail` is all of them.
	"""

	summary = "the mutation was rejected"

	def __init__(self, errors: list[UserError], **facts: Any):
		self.errors = errors
		super().__init__("; ".join(map(str, errors)), **facts)
