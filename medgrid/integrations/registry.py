"""The integrations that vendors can connect, as data. `operations` has the code of each.

Source: contract, "list_connections" and "Integration Connection Object".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from frappe import _, _lt

from medgrid.exceptions import InvalidInput

if TYPE_CHECKING:
	# Callers only use `str()` and `format()` and display the text.
	LazyText = str
else:
	# Frappe's class for lazy translations has no public name.
	LazyText = type(_lt(""))


# Compared by identity: Frappe's lazy texts cannot be compared.
@dataclass(frozen=True, eq=False)
class Integration:
	"""An integration. The texts for people are `_lt(…)`, so that Frappe's extractor finds them; `str()`
	translates them to the reader's language.

	:param auth_kind: how a vendor authenticates with the other system.
	:param credential_keys: the names of its credentials, which are Password fields of Vendor Connection.
	:param permits: what MedGrid may do in the other system.
	:param interval: how often a connection is synced by the dispatcher; None: it cannot be tested or synced.
	:param is_per_user: whether each user has a connection of their own; else it is their Supplier's.
	"""

	id: str
	label: LazyText
	tagline: LazyText
	auth_kind: str
	credential_keys: tuple[str, ...] = ()
	permits: tuple[str, ...] = ()
	interval: timedelta | None = None
	what_we_push: tuple[LazyText, ...] = ()
	what_we_pull: tuple[LazyText, ...] = ()
	is_per_user: bool = False


REGISTRY = {
	integration.id: integration
	for integration in (
		Integration(
			id="shipstation",
			label=_lt("ShipStation"),
			tagline=_lt("Push your MedGrid orders into ShipStation, pull tracking back."),
			auth_kind="api_key_secret",
			credential_keys=("api_key", "api_secret"),
			permits=("orders.write", "tracking.read"),
			interval=timedelta(hours=1),
			what_we_push=(_lt("MedGrid Sales Orders (line items, ship-to address, weight)"),),
			what_we_pull=(_lt("Tracking numbers"), _lt("Carrier + service"), _lt("Ship date")),
		),
		Integration(
			id="shopify",
			label=_lt("Shopify"),
			tagline=_lt("Pull your Shopify product catalog into MedGrid for curation."),
			auth_kind="oauth",
			credential_keys=("access_token",),
			permits=("products.read", "inventory.read"),
			interval=timedelta(days=1),
			what_we_pull=(_lt("Products and variants"), _lt("SKUs and prices"), _lt("Available quantities")),
		),
		Integration(
			id="sendblue",
			label=_lt("SMS / iMessage support"),
			tagline=_lt("Get a text message when one of your integrations needs you."),
			auth_kind="phone_verification",
			permits=("messages.send",),
			is_per_user=True,
			what_we_push=(_lt("A message when an integration stops working"),),
		),
	)
}

PER_USER = tuple(integration.id for integration in REGISTRY.values() if integration.is_per_user)

# Contract, "test_connection" and "sync_now": "One of: shipstation, shopify".
SYNCABLE = tuple(integration.id for integration in REGISTRY.values() if integration.interval)


def integration_of(integration_type: str, among: Iterable[str] = tuple(REGISTRY)) -> Integration:
	"""Returns an integration by its id.

	:param among: the accepted ids.
	:raises InvalidInput: the id is not one of them.
	"""
	if integration_type not in among:
		raise InvalidInput(_("Parameter integration_type must be one of: {0}.").format(", ".join(among)))
	return REGISTRY[integration_type]
