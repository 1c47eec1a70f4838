"""The vendors' self-service hub: vendors connect their own ShipStation, Shopify and phone.

The contract's RPC names resolve here; the functions themselves are in `rpc`, `order_rpc`,
`vendor_products.rpc` and `office.rpc`.
"""

import sys
from importlib import import_module
from typing import Any

__all__ = [
	"acknowledge",
	"act_for_vendor",
	"connect_shipstation",
	"connection_advice",
	"disconnect",
	"export_orders",
	"export_products",
	"invite_vendor",
	"invite_vendors",
	"list_accounts",
	"list_connections",
	"list_invitations",
	"list_orders",
	"list_products",
	"pause",
	"resume",
	"retry_orders",
	"retry_vendor_order",
	"sendblue_start_verification",
	"sendblue_verify",
	"sendblue_webhook",
	"shipstation_webhook",
	"shopify_callback",
	"shopify_start_install",
	"shopify_webhook",
	"sync_now",
	"test_connection",
	"vendors_and_store",
]

# The modules of RPCs that are not in `rpc`.
MODULES = {
	"acknowledge": "order_rpc",
	"export_orders": "order_rpc",
	"list_orders": "order_rpc",
	"retry_orders": "order_rpc",
	"act_for_vendor": "office.rpc",
	"retry_vendor_order": "office.rpc",
	"vendors_and_store": "office.rpc",
	"export_products": "vendor_products.rpc",
	"list_products": "vendor_products.rpc",
}


def __getattr__(name: str) -> Any:
	"""Loads the RPC layer on the first access to one of its functions (PEP 562): importing a module of this
	package must not load all of it."""
	if name not in __all__:
		raise AttributeError(
			f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__]
		)
	return getattr(import_module(f"{__name__}.{MODULES.get(name, 'rpc')}"), name)
