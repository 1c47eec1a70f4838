"""The fields of Vertex Merchant by what they are for, and its states. Pure."""

DOCTYPE = "Vertex Merchant"

# `status`
INCOMPLETE, COMPLETE, FAILED, UNINSTALLED = "Incomplete", "Complete", "Failed", "Uninstalled"
# `deployment`
CLOUD, CLOUD_LEGACY, ON_DEMAND = "Cloud", "Cloud Legacy", "On-Demand"
# Contract B's words for them.
DEPLOYMENTS = {"cloud": CLOUD, "cloud_legacy": CLOUD_LEGACY, "on_demand": ON_DEMAND}

# A server of Vertex On-Demand: of a customer, or of a customer in a region.
HOST = r"[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9][a-z0-9-]{0,62})?\.ondemand\.vertexinc\.com"

# What decides whether Vertex accepts a request. The secrets besides: `client_secret`, `trusted_id`.
CREDENTIALS = ("company_code", "deployment", "host", "client_id")
VERTEX_SECRETS = ("client_secret", "trusted_id", "vertex_token")
SHOPIFY_SECRETS = ("shopify_token", "shopify_refresh_token")
SECRETS = (*VERTEX_SECRETS, *SHOPIFY_SECRETS)
# What else belongs to credentials and tokens, and goes with them.
DETAILS = (
	*CREDENTIALS,
	"division",
	"department",
	"vertex_token_expires_at",
	"shopify_token_expires_at",
	"scopes",
	"webhook_subscription",
	"installation",
	"onboarding_started",
)
# What says who a merchant is, and how far its onboarding.
DESCRIBED = ("name", "shop", "company", "status", "enabled", *CREDENTIALS, "client_secret", "last_error")
