"""Failures that only Shopify has, in addition to `http_client.errors`. Pure."""

from dataclasses import dataclass
from typing import Any

from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	PaymentRequired,
	RequestRejected,
)


class AuthorizationRejected(CredentialsRejected):
	"""Shopify does not accept the authorization code, the refresh token or the app's client secret."""

	summary = "the authorization was rejected"


class ShopInactive(PaymentRequired):
	"""The shop is closed."""

	summary = "the shop is not active"


class ScopeMissing(IntegrationError):
	"""The token is valid but lacks an access scope; `detail` names the scope if Shopify does."""

	summary = "the token lacks a permission"


class ScopesNotGranted(ScopeMissing):
	"""The merchant granted fewer access scopes than the app needs; `detail` names the missing ones."""

	summary = "not all permissions were granted"


class StoreLocked(IntegrationError):
	"""Shopify has locked the shop. Only its owner and Shopify can unlock it."""

	summary = "the shop is locked"


class ShopNotFound(IntegrationError):
	"""The shop does not exist, or does not support this version of the API."""

	summary = "the shop does not exist"


class NotApproved(IntegrationError):
	"""The merchant did not approve the installation."""

	summary = "the installation was not approved"


@dataclass(frozen=True)
class UserError:
	"""An entry of a mutation's `userErrors`.

	:param field: the path into the input, joined by dots; empty if Shopify names none.
	"""

	field: str
	message: str

	def __str__(self) -> str:
		return f"{self.field}: {self.message}" if self.field else self.message


class UserErrors(RequestRejected):
	"""Shopify rejected a mutation and did not carry it out. Contract: "userErrors array in 200 response".

	:param errors: the entries of `userErrors`; `detail` joins all of them.
	"""

	summary = "the mutation was rejected"

	def __init__(self, errors: list[UserError], **facts: Any):
		self.errors = errors
		super().__init__("; ".join(map(str, errors)), **facts)
