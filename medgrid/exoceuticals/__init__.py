"""The administrators' link to the Exoceuticals store at Shopify.

The contract's RPCs have their dotted names in this package; their code is in `rpc`.
"""

import sys
from importlib import import_module
from typing import Any

__all__ = [
	"create_items",
	"health",
	"ignore_variants",
	"link_variants",
	"oauth_callback",
	"oauth_install_url",
	"order_link",
	"poll_exoceuticals_status",
	"register_webhooks",
	"reopen_variants",
	"sync_catalog",
	"sync_inventory",
	"sync_to_exoceuticals",
	"webhook",
]


def __getattr__(name: str) -> Any:
	"""Loads the RPC layer at the first access to one of its functions (PEP 562), so that an import of one
	module of this package does not load the whole package."""
	if name not in __all__:
		raise AttributeError(
			f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__]
		)
	return getattr(import_module(f"{__name__}.rpc"), name)
