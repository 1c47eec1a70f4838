"""The administrators' link to the Exoceuticals store at Shopify.

The RPCs of the contract have their addresses here; they are in `rpc`.
"""

import sys
from importlib import import_module
from typing import Any

__all__ = [
	"health",
	"oauth_callback",
	"oauth_install_url",
	"order_link",
	"poll_exoceuticals_status",
	"register_webhooks",
	"sync_catalog",
	"sync_inventory",
	"sync_to_exoceuticals",
	"webhook",
]


def __getattr__(name: str) -> Any:
	"""Loads the RPC layer when one of its functions is first asked for (PEP 562): importing a module of this
	package must not load all of it."""
	if name not in __all__:
		raise AttributeError(
			f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__]
		)
	return getattr(import_module(f"{__name__}.rpc"), name)
