"""What people read of a failed exchange: one sentence or two, in their language: what is wrong, then who does
what.

The failures themselves carry facts (`http_client.errors`). What contract A prescribes stands here letter for
letter.
"""

from collections.abc import Callable

from frappe import _

from medgrid.clients.sendblue.responses import SERVICE as SENDBLUE
from medgrid.clients.shipstation.responses import SERVICE as SHIPSTATION
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
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

LABELS = {SENDBLUE: "Sendblue", SHIPSTATION: "ShipStation"}


def failure_text(error: MedgridError) -> str:
	"""
	:param error: of another system; or any other error of MedGrid's, which has its sentence already.
	"""
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


# The most special class of an error that stands here has its text.
GENERAL: dict[type[BaseException], Text] = {
	IntegrationError: lambda error: _("The exchange with {0} failed. Try again later.").format(_label(error)),
	CredentialsRejected: lambda error: _("{0} rejected the credentials. Connect it again.").format(
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
	ResourceNotFound: lambda error: _("{0} does not have what was asked for.").format(_label(error)),
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

OF_SERVICES: dict[str, dict[type[BaseException], Text]] = {
	SENDBLUE: OF_SENDBLUE,
	SHIPSTATION: OF_SHIPSTATION,
}
