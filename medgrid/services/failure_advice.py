"""What a vendor can do about a connection that fails: the class of the failure decides it.

`failure_texts` says what is wrong; this says who does what next.
"""

from collections.abc import Callable

from frappe import _

from medgrid.clients.sendblue.responses import SERVICE as SENDBLUE
from medgrid.clients.shipstation.responses import SERVICE as SHIPSTATION
from medgrid.clients.shopify.errors import ScopeMissing, ShopInactive, ShopNotFound, StoreLocked
from medgrid.clients.shopify.responses import SERVICE as SHOPIFY
from medgrid.exceptions import Busy, MedgridError, RuleViolated, TooManyRequests
from medgrid.http_client.errors import (
	AccessDenied,
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.services.support import us

# The kinds of failures. A Vendor Connection stores them in `failure_kind`.
OUTAGE, LIMIT, KEYS, PERMISSION, PLAN = "outage", "limit", "keys", "permission", "plan"
REFUSED, SHOP, RULE, FAULT = "refused", "shop", "rule", "fault"
# Only the vendor ends it, so there is nothing to wait for.
AT_ONCE = (KEYS,)
# It ends without anybody.
BY_ITSELF = (OUTAGE, LIMIT)

# The kind of an error is that of its most specific class.
KINDS: dict[type[BaseException], str] = {
	MedgridError: FAULT,
	RuleViolated: RULE,
	TooManyRequests: LIMIT,
	Busy: LIMIT,
	IntegrationError: FAULT,
	CredentialsRejected: KEYS,
	AccessDenied: PERMISSION,
	ScopeMissing: PERMISSION,
	PaymentRequired: PLAN,
	ShopInactive: SHOP,
	ShopNotFound: SHOP,
	StoreLocked: SHOP,
	RateLimited: LIMIT,
	DeadlineExceeded: LIMIT,
	ServiceUnavailable: OUTAGE,
	UnexpectedResponse: OUTAGE,
	RequestRejected: REFUSED,
}

Text = Callable[[], str]


def kind_of(failure: MedgridError | None) -> str | None:
	"""The kind of a failure; None if nothing failed."""
	if failure is None:
		return None
	return next(KINDS[kind] for kind in type(failure).__mro__ if kind in KINDS)


def advice_of(kind: str | None, service: str) -> str:
	"""What to do about a failure, in the reader's language.

	:param kind: see `kind_of`; None: it is not known.
	:param service: the integration that failed, e.g. "shipstation".
	"""
	texts = {**GENERAL, **OF_SERVICES.get(service, {})}
	return texts.get(kind or "", GENERAL[""])()


def _nothing_to_do() -> str:
	return _(
		"You do not have to do anything, and the connection stays as it is. MedGrid tries again by itself,"
		" after minutes at first, later after hours."
	)


GENERAL: dict[str, Text] = {
	"": lambda: _("Test the connection again. If it still fails, connect it once more below."),
	OUTAGE: _nothing_to_do,
	LIMIT: lambda: _("You do not have to do anything. MedGrid goes on by itself within minutes."),
	PLAN: lambda: _("Pay the bill or change the plan there, then test the connection again."),
	PERMISSION: lambda: _("Connect it once more below, and grant every permission that is asked for."),
	REFUSED: lambda: _(
		"Test the connection again. If it still fails, contact {0} and quote the sentence above."
	).format(us()),
	RULE: lambda: _("Contact {0}. After that, test the connection again.").format(us()),
	FAULT: lambda: _(
		"You do not have to do anything. MedGrid tries again by itself. If it fails until tomorrow, contact"
		" {0}."
	).format(us()),
}

OF_SHIPSTATION: dict[str, Text] = {
	OUTAGE: lambda: _(
		"You do not have to do anything, and your keys stay valid. MedGrid tries again by itself, after"
		" minutes at first, later after hours."
	),
	KEYS: lambda: _(
		"In ShipStation, open Settings, Account, API Settings, and copy the API Key and the API Secret of API"
		" V1 (V2 has a single key, which does not work here). If somebody generated new keys, the old ones do"
		" not work any more. Then test the connection again, or connect with new keys below."
	),
	PLAN: lambda: _(
		"In ShipStation, open Settings, Account, Subscription, and choose a plan with API access, or pay the"
		" open bill. Your keys stay valid: then test the connection again."
	),
	PERMISSION: lambda: _(
		"ShipStation knows your keys and does not permit this. Ask ShipStation's support whether the API is"
		" switched on for your account, then test the connection again."
	),
	REFUSED: lambda: _(
		"Your keys stay valid. Test the connection again. If it still fails, contact ShipStation's support or"
		" {0}, and quote the sentence above."
	).format(us()),
}

OF_SHOPIFY: dict[str, Text] = {
	KEYS: lambda: _("Connect your store once more below, and approve MedGrid in Shopify's window."),
	PERMISSION: lambda: _(
		"Connect your store once more below, and approve every permission in Shopify's window."
	),
	PLAN: lambda: _("In Shopify, open Settings, Billing, and pay the bill. Then test the connection again."),
	SHOP: lambda: _(
		"Open your store in Shopify and check that it works and which address it has. Then test the"
		" connection again, or connect the store once more below."
	),
}

OF_SENDBLUE: dict[str, Text] = {
	"": lambda: _("Verify your phone number once more below."),
	OUTAGE: lambda: _("You do not have to do anything. The next message is sent again."),
	LIMIT: lambda: _("You do not have to do anything. The next message is sent again."),
	REFUSED: lambda: _("Check your phone number, then verify it, or another one, once more below."),
	# The account at Sendblue is MedGrid's.
	**dict.fromkeys(
		(KEYS, PLAN, PERMISSION, RULE, FAULT),
		lambda: _("You do not have to do anything. {0} must repair it.").format(us()),
	),
}

OF_SERVICES: dict[str, dict[str, Text]] = {
	SHIPSTATION: OF_SHIPSTATION,
	SHOPIFY: OF_SHOPIFY,
	SENDBLUE: OF_SENDBLUE,
}
