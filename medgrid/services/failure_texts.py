"""The sentences that people read after a failed exchange, in their language: what is wrong, then who does
what.

The exceptions themselves carry facts (`http_client.errors`). Sentences that the contract prescribes are here
letter for letter.
"""

from collections.abc import Callable
from datetime import timedelta

from frappe import _

from medgrid.clients.sendblue.responses import SERVICE as SENDBLUE
from medgrid.clients.shipstation.responses import SERVICE as SHIPSTATION
from medgrid.clients.shopify.errors import (
	AuthorizationRejected,
	NotApproved,
	ScopeMissing,
	ScopesNotGranted,
	ShopInactive,
	ShopNotFound,
	StoreLocked,
)
from medgrid.clients.shopify.oauth.installation import CallbackRejected
from medgrid.clients.shopify.responses import SERVICE as SHOPIFY
from medgrid.clients.vertex.responses import SERVICE as VERTEX
from medgrid.clients.vertex.responses import AddressRejected, TokenLimitReached
from medgrid.core.clock import utc_now
from medgrid.core.redaction import mask_known
from medgrid.core.secrets import known_secrets
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import (
	AccessDenied,
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	InvalidRecord,
	NotSent,
	OutcomeUnknown,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ResourceNotFound,
	ServiceUnavailable,
	UnexpectedResponse,
)

Text = Callable[[IntegrationError], str]

# The company's own store: the reader is an administrator, not a vendor.
EXOCEUTICALS = "exoceuticals"
# The server that issues bearer tokens for the second contract.
IDENTITY = "identity"
LABELS = {
	EXOCEUTICALS: "Shopify",
	IDENTITY: "The identity server",
	SENDBLUE: "Sendblue",
	SHIPSTATION: "ShipStation",
	SHOPIFY: "Shopify",
	VERTEX: "Vertex",
}


def failure_text(error: MedgridError) -> str:
	"""The sentences for an error, in the reader's language. The other system may have quoted a secret in its
	words: it is masked.

	:param error: the failure of another system. For any other error of MedGrid, its own message is returned.
	"""
	return mask_known(_text_of(error), known_secrets())


def _text_of(error: MedgridError) -> str:
	if isinstance(error, CallbackRejected):
		return _callback_rejected(error)
	if not isinstance(error, IntegrationError) or not error.service:
		return str(error)
	texts = {**GENERAL, **OF_SERVICES.get(error.service, {})}
	return next(texts[kind](error) for kind in type(error).__mro__ if kind in texts)


def _label(error: IntegrationError) -> str:
	return LABELS.get(error.service, error.service)


def _unavailable(error: IntegrationError) -> str:
	if error.status:
		return _("{0} is unavailable (HTTP {1}). Try again later.").format(_label(error), error.status)
	return _("{0} did not answer. Try again later.").format(_label(error))


def _rejected(error: IntegrationError) -> str:
	reason = error.detail or f"HTTP {error.status}"
	return _("{0} rejected the request: {1}").format(_label(error), reason)


def _deadline_exceeded(error: IntegrationError) -> str:
	if error.retry_after is not None:
		return _("{0}'s rate limit is reached. Try again in a minute.").format(_label(error))
	return _("There was not enough time for {0}'s answer. Try again in a minute.").format(_label(error))


# The text of an error is that of its most specific class in these tables.
GENERAL: dict[type[BaseException], Text] = {
	IntegrationError: lambda error: _("The exchange with {0} failed. Try again later.").format(_label(error)),
	CredentialsRejected: lambda error: _("{0} rejected the credentials. Connect it again.").format(
		_label(error)
	),
	AccessDenied: lambda error: _("{0} denies the access. Check the permissions of its credentials.").format(
		_label(error)
	),
	PaymentRequired: lambda error: _("{0}: the account is not paid for. Its owner must pay the bill.").format(
		_label(error)
	),
	RateLimited: lambda error: _("{0}'s rate limit is reached. Try again in a few minutes.").format(
		_label(error)
	),
	ServiceUnavailable: _unavailable,
	NotSent: lambda error: _("{0} cannot be reached. Try again later.").format(_label(error)),
	OutcomeUnknown: lambda error: _(
		"{0}'s answer was lost, so it is not known whether the request was carried out."
	).format(_label(error)),
	UnexpectedResponse: lambda error: _("{0} sent an unexpected response. Try again later.").format(
		_label(error)
	),
	RequestRejected: _rejected,
	ResourceNotFound: lambda error: _("{0} does not have the requested record.").format(_label(error)),
	DeadlineExceeded: _deadline_exceeded,
}

OF_SHIPSTATION: dict[type[BaseException], Text] = {
	# Contract, "connect_shipstation".
	CredentialsRejected: lambda error: _("Invalid API Key or Secret — ShipStation rejected the credentials."),
	PaymentRequired: lambda error: _(
		"ShipStation: the account's plan does not include API access. Change the plan in ShipStation, then"
		" test the connection."
	),
	RateLimited: lambda error: _(
		"ShipStation's limit of 40 requests a minute is reached. Try again in a few minutes."
	),
	ResourceNotFound: lambda error: _("ShipStation does not have this order."),
	InvalidRecord: lambda error: _(
		"ShipStation's answer cannot be read. The next sync asks ShipStation again. If this persists, contact"
		" ShipStation's support."
	),
}

OF_SENDBLUE: dict[type[BaseException], Text] = {
	CredentialsRejected: lambda error: _(
		"Sendblue rejects MedGrid's API keys. An administrator must check them in Medgrid Settings."
	),
	PaymentRequired: lambda error: _(
		"MedGrid's Sendblue account is not paid for. An administrator must pay Sendblue's bill."
	),
	RateLimited: lambda error: _("Sendblue is busy. Try again in a few minutes."),
	OutcomeUnknown: lambda error: _(
		"Sendblue did not say whether the message was sent. Wait a minute for it, then try again."
	),
	RequestRejected: lambda error: _(
		"Sendblue does not send to this number. Check the number, or use another one."
	),
}


def _callback_rejected(error: CallbackRejected) -> str:
	# Contract, "Integration-Specific Error Codes".
	return {
		"shop": _("The shop's domain is missing or not valid."),
		"hmac": _("HMAC verification failed."),
		"state": _("OAuth state expired or invalid. Start the installation again."),
	}[error.reason]


def _scope_missing(error: IntegrationError) -> str:
	if error.detail:
		return _("Shopify denies the permission {0}. Connect the store again and grant it.").format(
			error.detail
		)
	return _("Shopify denies a permission that this needs. Connect the store again and grant it.")


OF_SHOPIFY: dict[type[BaseException], Text] = {
	CredentialsRejected: lambda error: _(
		"Shopify no longer accepts the access token. Disconnect and connect the store again."
	),
	AuthorizationRejected: lambda error: _(
		"Shopify does not accept this authorization any more. Connect the store again."
	),
	PaymentRequired: lambda error: _(
		"Shopify has frozen this store because a bill is not paid. Update its billing in Shopify, then try"
		" again."
	),
	ShopInactive: lambda error: _("This store is not active in Shopify. Open it there, then try again."),
	ScopeMissing: _scope_missing,
	ScopesNotGranted: lambda error: _(
		"Shopify did not grant all permissions that MedGrid needs. Missing: {0}."
	).format(error.detail),
	ShopNotFound: lambda error: _(
		"Shopify does not know this store, or not this version of its API. Check the domain, then connect"
		" the store again."
	),
	StoreLocked: lambda error: _("Shopify has locked this store. Its owner must contact Shopify's support."),
	NotApproved: lambda error: _("The connection was not approved in Shopify."),
	RateLimited: lambda error: _("Shopify's rate limit is reached. Try again in a minute."),
}

OF_EXOCEUTICALS: dict[type[BaseException], Text] = {
	**OF_SHOPIFY,
	CredentialsRejected: lambda error: _(
		"Shopify no longer accepts the store's access token. A System Manager must connect the store again"
		" in System Settings → API Integration → Exoceuticals."
	),
	ShopNotFound: lambda error: _(
		"Shopify does not know this store, or not this version of its API. A System Manager must check both"
		" in System Settings → API Integration → Exoceuticals."
	),
}


def _no_token(error: IntegrationError) -> str:
	moment = utc_now() + timedelta(seconds=error.retry_after or 0)
	return _(
		"Vertex issues no further access token to this client ID before {0} UTC. Try again then."
	).format(moment.strftime("%Y-%m-%d %H:%M"))


OF_VERTEX: dict[type[BaseException], Text] = {
	# The second contract's words, then what to do.
	CredentialsRejected: lambda error: _(
		"Invalid user credentials: Vertex rejected them. Onboard the merchant again with valid ones."
	),
	AccessDenied: lambda error: _(
		"Vertex denies the access. The merchant must check at Vertex what its credentials permit."
	),
	TokenLimitReached: _no_token,
	AddressRejected: lambda error: _(
		"Vertex finds no tax area for an address. The request has: {0}. Correct what is wrong there."
	).format(error.detail),
	OutcomeUnknown: lambda error: _(
		"Vertex' answer was lost, so it is not known yet whether the request was carried out. Send the same"
		" request again in two minutes."
	),
	UnexpectedResponse: lambda error: _(
		"Vertex' answer makes no sense ({0}). Try again later. If this persists, contact Vertex' support."
	).format(error.detail or f"HTTP {error.status}"),
}

OF_SERVICES: dict[str, dict[type[BaseException], Text]] = {
	EXOCEUTICALS: OF_EXOCEUTICALS,
	SHOPIFY: OF_SHOPIFY,
	SENDBLUE: OF_SENDBLUE,
	SHIPSTATION: OF_SHIPSTATION,
	VERTEX: OF_VERTEX,
}
