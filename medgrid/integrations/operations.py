"""The operations of each integration that can be tested and synced.

A new integration: docs/developers.md.
"""

from typing import Any, Protocol

from medgrid.integrations.connections.records import Connection
from medgrid.integrations.connections.sync import ConnectionSync
from medgrid.integrations.registry import Integration
from medgrid.integrations.shipstation import sync as shipstation
from medgrid.integrations.shopify import sync as shopify


class Operations(Protocol):
	"""The interface of the module `sync` in an integration's package."""

	def test(self, connection: Connection) -> None:
		"""Tests the stored credentials.

		:raises IntegrationError: the other system rejects the credentials, or the test failed.
		"""

	def sync_of(
		self, connection: Connection, limit: int | None = None, *, by_person: bool = False
	) -> ConnectionSync:
		"""Returns the sync of a connection.

		:param limit: the maximum number of documents to push; None: all.
		:param by_person: whether a person asks for it, and waits: then documents that wait for a later
			attempt are tried at once.
		"""

	def empty_stats(self) -> dict[str, Any]:
		"""Returns the stats of a sync that did nothing."""


OPERATIONS: dict[str, Operations] = {"shipstation": shipstation, "shopify": shopify}


def operations_of(integration: Integration) -> Operations:
	"""Returns the operations of an integration.

	:param integration: one of `registry.SYNCABLE`.
	"""
	return OPERATIONS[integration.id]
