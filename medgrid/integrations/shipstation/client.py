"""ShipStation's client with a connection's credentials."""

from collections.abc import Callable

import frappe
from pydantic import SecretStr

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.request_window import RequestWindow
from medgrid.core.waiting.patience import Patience
from medgrid.core.waiting.request_time import in_request
from medgrid.integrations.connections import records
from medgrid.integrations.connections.credentials import credentials_of
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.shipstation.order_records import PushContext
from medgrid.integrations.suppliers import enabled
from medgrid.services.base_urls import base_url
from medgrid.services.outgoing import client_options

# A job waits so long in all; a longer wait ends its slice.
JOB_WAIT_SECONDS = 8


def client_of(
	connection: Connection, deadline: float, heartbeat: Callable[[], None] = lambda: None
) -> ShipStationClient:
	"""A client with a connection's credentials and rate limit.

	:param deadline: a value of `time.monotonic()`.
	:raises RuleViolated: it is not connected any more.
	"""
	credentials = credentials_of(connection)
	window = RequestWindow(frappe.cache, credentials["api_key"], credentials["api_secret"])
	return client_with(credentials, deadline, window=window, heartbeat=heartbeat)


def client_with(
	credentials: dict[str, SecretStr],
	deadline: float,
	*,
	window: RequestWindow | None,
	heartbeat: Callable[[], None] = lambda: None,
) -> ShipStationClient:
	"""A client with credentials that need no connection.

	:param window: None: credentials that no connection has yet.
	"""
	options = client_options(deadline, heartbeat)
	if not in_request():
		# A worker does not sleep until the rate limit's window ends: others wait for it.
		options["patience"] = Patience(waiting=JOB_WAIT_SECONDS)
	return ShipStationClient(
		base_url("shipstation"), credentials["api_key"], credentials["api_secret"], window, **options
	)


def context_of(connection: Connection) -> PushContext:
	"""Whose orders a connection sends.

	:raises RuleViolated: the Supplier is disabled.
	"""
	supplier = enabled(connection.supplier)
	is_first = records.first_connected(supplier, connection.integration) == connection.name
	store = frappe.db.get_value(DOCTYPE, connection.name, "store_id")
	return PushContext(supplier, connection.name, connection.account or "", is_first, store or None)
