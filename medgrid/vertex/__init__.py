"""The second contract: sales tax for Shopify merchants and ERPNext's documents, calculated by Vertex.

The contract's RPC names resolve here; the functions themselves are in `rpc`.
"""

import sys
from importlib import import_module
from typing import Any

__all__ = [
	"api_credentials",
	"app_callback",
	"app_install",
	"app_open",
	"app_uninstall",
	"app_webhook",
	"calculate_taxes",
	"data_volume",
	"health",
	"issues",
	"quote_document",
	"retry_document",
	"shopify_onboarding",
	"shopify_tax_calculate",
	"shopify_token",
	"test_identity",
	"test_merchant",
	"tokens",
]


def __getattr__(name: str) -> Any:
	"""Loads the RPC layer on the first access to one of its functions (PEP 562): importing a module of this
	package must not load all of it."""
	if name not in __all__:
		raise AttributeError(
			f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__]
		)
	return getattr(import_module(f"{__name__}.rpc"), name)
