"""All the calls below `/_control/`: what merchants do in Shopify's Admin, and what tests do to Shopify.

Ids are global ids (gid://shopify/Order/1) or bare numbers. Domains are whole, `demo.myshopify.com`.
"""

from sandbox.simulators.common import control
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.shopify.control.apps import AppCommands
from sandbox.simulators.shopify.control.catalog import CatalogCommands
from sandbox.simulators.shopify.control.orders import OrderCommands
from sandbox.simulators.shopify.control.webhooks import WebhookCommands
from sandbox.simulators.shopify.errors import ApiError


class Control(AppCommands, CatalogCommands, OrderCommands, WebhookCommands):
	_refusals = (*control.Control._refusals, ApiError)

	def received(self, domain: str | None = None, operation: str | None = None) -> list[Entry]:
		"""The requests, oldest first: `journal.entry`, with what `shopify.journal.details` says."""
		return self._simulator.journal.entries(domain=domain, operation=operation)
