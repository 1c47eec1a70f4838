"""Installs an app in a shop: builds the authorization URL, checks the callback that follows, and exchanges
its code for tokens.

Vendors' shops, the Exoceuticals store and the tax connector share this implementation. The first two pass
who may finish an installation and where its tokens are stored; the connector's merchants have no session
here, so it checks a callback otherwise (`vertex/merchants/install.py`). The contract prescribes the order of
the checks: shop, HMAC, state. Only a callback that passes all checks reaches the code exchange.
Contract: "shopify_start_install", "shopify_callback", "oauth_install_url", "oauth_callback".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import parse_qs, urlencode

from pydantic import SecretStr

from medgrid.clients.shopify.domains import is_shop_domain
from medgrid.clients.shopify.errors import NotApproved, ScopesNotGranted
from medgrid.clients.shopify.oauth import scopes, token_endpoint
from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.states import Issued, OAuthStates
from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.clients.shopify.responses import SERVICE
from medgrid.clients.shopify.signatures import is_signed_query
from medgrid.exceptions import InvalidInput, NotSignedIn
from medgrid.http_client.exchanges import Observer, log_exchange

# A callback of Shopify has about 400 characters.
MAX_QUERY_LENGTH = 4000

Stored = TypeVar("Stored")


class CallbackRejected(InvalidInput):
	"""A callback that did not pass a check.

	:param reason: the check's short name: "shop", "hmac" or "state".
	"""

	def __init__(self, reason: str):
		self.reason = reason
		super().__init__(f"a callback was rejected: {reason}")


class SessionNeeded(NotSignedIn):
	"""A valid callback in a browser where no user is signed in. The state is not used up: the user who began
	the installation signs in and returns."""


@dataclass(frozen=True)
class Visitor:
	"""The sender of a callback.

	:param user: the user of the request's session or token; None: there is none.
	:param is_browser: whether the request's `Accept` header names HTML. A person may have been led to open
		the address by somebody else.
	"""

	user: str | None
	is_browser: bool


@dataclass(frozen=True)
class Started:
	"""An installation that was begun.

	:param authorize_url: the URL that the merchant opens in a browser.
	:param state: the OAuth state in the URL.
	"""

	authorize_url: str
	state: str


@dataclass(frozen=True)
class Approval:
	"""A callback that passed all checks.

	:param shop: the shop's domain.
	:param user: the user who began the installation.
	:param code: the authorization code.
	:param account: the account that the user named when they began.
	"""

	shop: str
	user: str
	code: SecretStr
	account: str | None = None


@dataclass(frozen=True, kw_only=True)
class Authorization:
	"""How a merchant authorizes one app: from the authorization URL to the tokens.

	:param app: the app to install.
	:param states: stores the state of an installation until its callback.
	:param base_url: returns the base URL of a shop, by its domain.
	:param observer: receives the record of the exchange with the token endpoint.
	:param before_exchange: called for a valid callback before its state is used up; raises if the exchange
		cannot be made now.
	"""

	app: ShopifyApp
	states: OAuthStates
	base_url: Callable[[str], str]
	observer: Observer = log_exchange
	before_exchange: Callable[[], None] = lambda: None

	def start(self, shop: str, user: str, account: str | None = None) -> Started:
		"""Begins an installation.

		:param shop: the shop's domain, from `domains.shop_domain`.
		:param user: the user who begins it. No other user can finish it.
		:param account: a name for what is connected, if the user has several; it returns in the `Approval`.
		"""
		state = self.states.issue(purpose=self.app.purpose, shop=shop, user=user, account=account)
		query = {
			"client_id": self.app.client_id,
			"scope": ",".join(self.app.scopes),
			"redirect_uri": self.app.redirect_uri,
			"state": state,
		}
		return Started(f"{self.base_url(shop)}/admin/oauth/authorize?{urlencode(query)}", state)

	def use_state(self, state: str, shop: str, may_use: Callable[[Issued], bool]) -> Issued:
		"""Uses up the state of a callback whose signature is right.

		:param shop: the shop's domain.
		:param may_use: whether the callback comes from whom the state was issued to; if it does not, or
			raises, the state is not used up.
		:returns: to whom it was issued.
		:raises CallbackRejected: the state is unknown, expired, used, or another shop's or caller's.
		:raises MedgridError: from `may_use` or `before_exchange`; the state is not used up.
		"""
		issued = self.states.issued_to(state, purpose=self.app.purpose, shop=shop)
		if not issued or not may_use(issued):
			raise CallbackRejected("state")
		self.before_exchange()
		if not self.states.consume(state):
			raise CallbackRejected("state")
		return issued

	def exchange(self, shop: str, code: SecretStr) -> TokenPair:
		"""Exchanges the code of a callback for tokens, once.

		:param shop: the shop's domain.
		:raises ScopesNotGranted: the merchant granted fewer access scopes than the app needs.
		:raises IntegrationError: Shopify refused, or the exchange failed.
		"""
		pair = token_endpoint.exchange_code(self.app, self.base_url(shop), code, self.observer)
		if missing := scopes.missing(pair.scopes, self.app.scopes):
			raise ScopesNotGranted(", ".join(missing), service=SERVICE)
		return pair


@dataclass(frozen=True, kw_only=True)
class Installation(Authorization, Generic[Stored]):
	"""How users of this site install one app in shops.

	:param may_finish: raises a MedgridError if the user who began an installation may no longer finish it, or
		not for this shop.
	:param store: stores the tokens of an approved installation.
	"""

	may_finish: Callable[[Approval], None]
	store: Callable[[Approval, TokenPair], Stored]

	def finish(self, query_string: str, visitor: Visitor) -> Stored:
		"""Checks a callback, exchanges its code and stores the tokens.

		:param query_string: raw, as received.
		:returns: what `store` returns.
		:raises CallbackRejected: a check failed; nothing was changed.
		:raises SessionNeeded: a browser must sign in first; nothing was changed.
		:raises MedgridError: from `may_finish`; the state is used up, and nothing else was changed.
		:raises IntegrationError: the merchant or Shopify refused, or the exchange failed; nothing was stored.
		"""
		approval = self.check_callback(query_string, visitor)
		self.may_finish(approval)
		return self.store(approval, self.exchange(approval.shop, approval.code))

	def check_callback(self, query_string: str, visitor: Visitor) -> Approval:
		"""Checks a callback, in this order: shop, HMAC, state, visitor. A forged callback does not use up the
		state, nor does a callback of another user or of a browser without a session.

		Shopify's signature proves which shop approved, but not in whose browser. If the session were not
		checked, a vendor could send the link to the merchant of another shop, and get that shop connected to
		the vendor's own account (RFC 6749, section 10.12).

		:param query_string: raw, as received.
		:raises CallbackRejected: a check failed.
		:raises SessionNeeded: a browser must sign in first.
		:raises NotApproved: the callback is valid, but the merchant refused.
		"""
		values = single_values(query_string)
		shop = values.get("shop", "").lower()
		if not is_shop_domain(shop):
			raise CallbackRejected("shop")
		if not is_signed_query(query_string, self.app.client_secret.get_secret_value()):
			raise CallbackRejected("hmac")

		def is_visitors(issued: Issued) -> bool:
			is_theirs = visitor.user in (None, issued.user)
			if is_theirs and visitor.is_browser and not visitor.user:
				raise SessionNeeded("sign in to finish the installation")
			return is_theirs

		issued = self.use_state(values.get("state", ""), shop, is_visitors)
		if not values.get("code"):
			raise NotApproved(service=SERVICE)
		return Approval(shop, issued.user, SecretStr(values["code"]), issued.account)


def single_values(query_string: str) -> dict[str, str]:
	"""The parameters of a callback that occur exactly once; a repeated parameter would be ambiguous.

	:param query_string: raw, as received.
	:returns: none of a query string that is too long for a callback.
	"""
	if len(query_string) > MAX_QUERY_LENGTH:
		return {}
	values = parse_qs(query_string, keep_blank_values=True)
	return {name: found[0] for name, found in values.items() if len(found) == 1}
