"""The operations of the second contract: the address of each, its `type` and `version`, its verbs. Pure.

See docs/adr/0031-the-second-contracts-border.md.
"""

from dataclasses import dataclass

from medgrid.core.text import one_line

PREFIX = "medgrid.vertex."
INTEGRATION = "vertex"
MAX_TYPE = 140
_READ = ("GET", "HEAD", "POST")
_PAGE = ("GET", "HEAD")
_WRITE = ("POST",)


@dataclass(frozen=True)
class Operation:
	"""An operation.

	:param type: contract B's `type`.
	:param version: contract B's `version`.
	:param verbs: the HTTP methods that it takes.
	:param is_public: whether it works without credentials, because a signature proves who calls.
	:param is_page: whether people open it in a browser.
	"""

	type: str
	version: str = "v1"
	verbs: tuple[str, ...] = _WRITE
	is_public: bool = False
	is_page: bool = False


OPERATIONS = {
	"app_install": Operation("app/install"),
	"app_uninstall": Operation("app/uninstall"),
	"shopify_token": Operation("shopify/token"),
	"tokens": Operation("/api/tokens"),
	"shopify_onboarding": Operation("shopify/onboarding", verbs=_READ),
	"shopify_tax_calculate": Operation("shopify/tax_calculate", "v2"),
	"calculate_taxes": Operation("shopify/calculate_taxes"),
	"api_credentials": Operation("api/credentials"),
	"data_volume": Operation("data_volume", verbs=_READ),
	"issues": Operation("issues", verbs=_READ),
	"health": Operation("health", verbs=_READ),
	"quote_document": Operation("document/quote"),
	"retry_document": Operation("document/retry"),
	"test_merchant": Operation("merchant/test"),
	"test_identity": Operation("identity/test"),
	"app_open": Operation("app/install", verbs=_PAGE, is_public=True, is_page=True),
	"app_callback": Operation("shopify/token", verbs=_PAGE, is_public=True, is_page=True),
	"app_webhook": Operation("app/uninstall", is_public=True),
}


def is_ours(command: str | None) -> bool:
	"""Whether a command is below `medgrid.vertex.`, existing or not."""
	return (command or "").startswith(PREFIX)


def find_operation(command: str | None) -> Operation | None:
	"""The operation that a command calls; None: there is none."""
	return OPERATIONS.get((command or "").removeprefix(PREFIX)) if is_ours(command) else None


def described_operation(command: str) -> Operation:
	"""The operation that an answer names, also if it does not exist.

	:param command: below `medgrid.vertex.`.
	"""
	return find_operation(command) or Operation(one_line(command.removeprefix(PREFIX), MAX_TYPE))
