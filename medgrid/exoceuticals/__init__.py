"""The administrators' link to the Exoceuticals store at Shopify.

The contract's RPCs have their dotted names in this package; their code is in `rpc` and `catalog.rpc`.
"""

from medgrid.core.lazy_names import handed_on

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

_MODULES = {
	**dict.fromkeys(__all__, "rpc"),
	"create_items": "catalog.rpc",
	"ignore_variants": "catalog.rpc",
	"link_variants": "catalog.rpc",
	"reopen_variants": "catalog.rpc",
}

__getattr__ = handed_on(__name__, _MODULES)
