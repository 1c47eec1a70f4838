"""The second contract: sales tax for Shopify merchants and ERPNext's documents, calculated by Vertex.

The contract's RPC names resolve here; the functions themselves are in `rpc`, `install_rpc` and `tax_rpc`.
"""

from medgrid.core.lazy_names import handed_on

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

_INSTALLING = (
	"app_callback",
	"app_install",
	"app_open",
	"app_uninstall",
	"app_webhook",
	"shopify_token",
	"tokens",
)
_TAXES = ("calculate_taxes", "quote_document", "retry_document", "shopify_tax_calculate")
_MODULES = {
	**dict.fromkeys(__all__, "rpc"),
	**dict.fromkeys(_INSTALLING, "install_rpc"),
	**dict.fromkeys(_TAXES, "tax_rpc"),
}

__getattr__ = handed_on(__name__, _MODULES)
