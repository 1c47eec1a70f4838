"""Installing an app in a shop: the authorization URL, and what must be right with the redirect that follows.

One implementation for vendors' shops and for the Exoceuticals store. The order of the checks is the
contract's security: shop, HMAC, state; only what passes them all reaches the code exchange.
Contract: "shopify_start_install", "shopify_callback", "oauth_install_url", "oauth_callback".
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from frappe import _
from pydantic import SecretStr

from medgrid.clients.shopify.domains import is_shop_domain
from medgrid.clients.shopify.errors import ScopeMissing
from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.states import OAuthStates
from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.clients.shopify.signatures import is_signed_query
from medgrid.exceptions import InvalidInput
from medgrid.http_client.errors import IntegrationError

# A callback of Shopify's has some 400 characters.
MAX_QUERY_LENGTH = 4000


class CallbackRejected(InvalidInput):
	"""A callback that did not pass a check.

	:param reason: the check's short name, for the page that the browser is sent to.
	"""

	def __init__(self, reason: str, message: str):
		self.reason = reason
		super().__init__(message)


class NotApproved(IntegrationError):
	"""The merchant said no."""


@dataclass(frozen=True)
class Install:
	authorize_url: str
	state: str


@dataclass(frozen=True)
class Approval:
	"""A callback that passed all checks.

	:param user: who began the flow.
	"""

	shop: str
	user: str
	code: SecretStr


def start(app: ShopifyApp, base_url: str, shop: str, user: str, nonces: OAuthStates) -> Install:
	"""
	:param base_url: the shop's.
	:param shop: its domain, from `domains.shop_domain`.
	:returns: the URL that the merchant opens, and the nonce in it.
	"""
	state = nonces.issue(purpose=app.purpose, shop=shop, user=user)
	query = {
		"client_id": app.client_id,
		"scope": ",".join(app.scopes),
		"redirect_uri": app.redirect_uri,
		"state": state,
	}
	return Install(f"{base_url}/admin/oauth/authorize?{urlencode(query)}", state)


def check_callback(
	app: ShopifyApp, query_string: str, signed_in: str | None, nonces: OAuthStates
) -> Approval:
	"""Checks a callback, in this order: shop, HMAC, state. A forged one does not use up the state.

	:param query_string: raw, as it arrived.
	:param signed_in: whose session the browser has; None: nobody's. It may not be another user's.
	:raises CallbackRejected: a check failed.
	:raises NotApproved: all is well, and the merchant refused.
	"""
	values = _single_values(query_string)
	shop = values.get("shop", "").lower()
	if not is_shop_domain(shop):
		raise CallbackRejected("shop", _("The shop's domain is missing or not valid."))
	if not is_signed_query(query_string, app.client_secret.get_secret_value()):
		raise CallbackRejected("hmac", _("HMAC verification failed."))
	user = nonces.consume(values.get("state", ""), purpose=app.purpose, shop=shop)
	if not user or signed_in not in (None, user):
		raise CallbackRejected("state", _("OAuth state expired or invalid. Start the installation again."))
	if not values.get("code"):
		raise NotApproved(_("The connection was not approved in Shopify."))
	return Approval(shop, user, SecretStr(values["code"]))


def check_scopes(app: ShopifyApp, pair: TokenPair) -> None:
	"""
	:raises ScopeMissing: the merchant granted less than the app needs; to write includes to read.
	"""
	missing = [
		scope
		for scope in app.scopes
		if scope not in pair.scopes and scope.replace("read_", "write_", 1) not in pair.scopes
	]
	if missing:
		raise ScopeMissing(
			_("Shopify did not grant all permissions that MedGrid needs. Missing: {0}.").format(
				", ".join(missing)
			)
		)


def _single_values(query_string: str) -> dict[str, str]:
	"""The parameters that came exactly once; of two, nobody could say which is meant."""
	if len(query_string) > MAX_QUERY_LENGTH:
		return {}
	values = parse_qs(query_string, keep_blank_values=True)
	return {name: found[0] for name, found in values.items() if len(found) == 1}
