"""The vendors' self-service hub: vendors connect their own ShipStation, Shopify and phone.

The contract's RPC names resolve here; the functions themselves are in `rpc`, `order_rpc` and the folders'
`rpc` modules.
"""

from medgrid.core.lazy_names import handed_on

__all__ = [
	"acknowledge",
	"act_for_vendor",
	"choose_shipstation_store",
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
	"list_order_rule_choices",
	"list_orders",
	"list_products",
	"list_shipstation_stores",
	"pause",
	"resume",
	"retry_orders",
	"retry_vendor_order",
	"save_order_rule",
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
	"choose_shipstation_store": "accounts.rpc",
	"list_order_rule_choices": "accounts.rpc",
	"list_shipstation_stores": "accounts.rpc",
	"save_order_rule": "accounts.rpc",
	"act_for_vendor": "office.rpc",
	"invite_vendor": "office.rpc",
	"invite_vendors": "office.rpc",
	"list_invitations": "office.rpc",
	"retry_vendor_order": "office.rpc",
	"vendors_and_store": "office.rpc",
	"acknowledge": "order_rpc",
	"count_orders_since": "order_rpc",
	"export_orders": "order_rpc",
	"list_orders": "order_rpc",
	"retry_orders": "order_rpc",
	"sendblue_start_verification": "sendblue.rpc",
	"sendblue_verify": "sendblue.rpc",
	"sendblue_webhook": "sendblue.rpc",
	"connect_shipstation": "shipstation.rpc",
	"shipstation_webhook": "shipstation.rpc",
	"shopify_callback": "shopify.rpc",
	"shopify_start_install": "shopify.rpc",
	"shopify_webhook": "shopify.rpc",
	"export_products": "vendor_products.rpc",
	"list_products": "vendor_products.rpc",
}

__getattr__ = handed_on(__name__, _MODULES)
