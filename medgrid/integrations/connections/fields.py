"""The DocType Vendor Connection, and its fields by what they are for. Pure."""

DOCTYPE = "Vendor Connection"
# The name of an account for which the vendor gave none.
DEFAULT = "default"
OLDEST_FIRST = "creation asc, name asc"
# The credentials of all integrations: Password fields, whose row contains a mask only.
SECRETS = ("api_key", "api_secret", "access_token", "refresh_token")
# The fields that describe the current connection; disconnecting and reconnecting clear them.
DETAILS = (
	"account",
	"shop",
	"shop_name",
	"scopes",
	"token_expires_at",
	"connected_at",
	"webhook_subscription",
	"verified_phone",
)
# Why the connection does not work.
TROUBLE = ("last_error", "failure_kind")
# What was done for the connected account. The records of orders, products and runs stay.
COUNTS = ("last_sync_at", "stats")
# A connection whose next sync waits for nothing.
NO_PAUSE = {"failed_syncs": 0, "next_sync_at": None, "queued_at": None}
# A connection that no user has paused.
NOT_PAUSED = {"paused_at": None, "paused_by": None}
