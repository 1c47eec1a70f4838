"""The vendors' self-service hub: vendors connect their own ShipStation, Shopify and phone.

The contract's RPC names resolve here; the functions themselves are in `rpc`, `order_rpc`,
`vendor_products.rpc` and `office.rpc`.
"""

from medgrid.core.lazy_names import handed_on

__all__ = [
	"acknowledge",
	"act_for_vendor",
	"connect_shipstation",
	"connection_advice",
	"count_orders_since",
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

_MODULES = {
	**dict.fromkeys(__all__, "rpc"),
	"acknowledge": "order_rpc",
	"count_orders_since": "order_rpc",
	"export_orders": "order_rpc",
	"list_orders": "order_rpc",
	"retry_orders": "order_rpc",
	"act_for_vendor": "office.rpc",
	"retry_vendor_order": "office.rpc",
	"vendors_and_store": "office.rpc",
	"export_products": "vendor_products.rpc",
	"list_products": "vendor_products.rpc",
}

__getattr__ = handed_on(__name__, _MODULES)
