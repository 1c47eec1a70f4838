"""What MedGrid does with each integration that can be tested and synced.

A new integration is a package, a row here and an entry in `registry`; besides, the RPC that connects it, the
fields of Vendor Connection that it needs, its address in `medgrid.services.base_urls`, and its form in the
portal (`templates/portal/`).
"""

from typing import Any, Protocol

from medgrid.integrations.connection_sync import ConnectionSync
from medgrid.integrations.connections import Connection
from medgrid.integrations.registry import Integration
from medgrid.integrations.shipstation import sync as shipstation
from medgrid.integrations.shopify import sync as shopify


class Operations(Protocol):
	"""The module `sync` of an integration's package."""

	def test(self, connection: Connection) -> None:
		"""
		:raises IntegrationError: the stored credentials are not accepted, or the other side cannot say.
		"""

	def sync_of(self, connection: Connection, limit: int | None = None) -> ConnectionSync:
		"""
		:param limit: how many documents to push at most; None: all.
		"""

	def empty_stats(self) -> dict[str, Any]:
		"""The stats of a sync that did not come to anything."""


OPERATIONS: dict[str, Operations] = {"shipstation": shipstation, "shopify": shopify}


def operations_of(integration: Integration) -> Operations:
	"""
	:param integration: one of `registry.SYNCABLE`.
	"""
	return OPERATIONS[integration.id]
