"""Installing an app: the authorization page, the callback, and codes and refresh tokens for access tokens.

Shopify skips the page for an app that is installed with the same scopes; here it is always shown. What
happens after Deny is not documented by Shopify: here the callback gets error=access_denied, signed like all
others.
"""

import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from sandbox.simulators.common import passing
from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.shopify.errors import Refused
from sandbox.simulators.shopify.oauth import pages
from sandbox.simulators.shopify.oauth.apps import App
from sandbox.simulators.shopify.oauth.errors import OAuthRefused, PageRefused
from sandbox.simulators.shopify.shop.shops import Shop
from sandbox.simulators.shopify.shop.tokens import TOKEN_SECONDS
from sandbox.simulators.shopify.signing import signed_query

CODE_SECONDS = 60
ONLINE_TOKEN_SECONDS = 24 * 3600
REFRESH = "refresh_token"
EXPIRING = ("1", 1, True, "true")


@dataclass
class Code:
	client_id: str
	domain: str
	scopes: tuple[str, ...]
	per_user: bool
	made_at: float = field(default_factory=passing.now)


class OAuth:
	"""
	:param find_app: the app of a client id, or None.
	"""

	def __init__(self, find_app: Callable[[str], App | None]):
		self._find_app = find_app
		self._codes: dict[str, Code] = {}
		# For tests of tokens that expire while they are in use.
		self.token_seconds: float = TOKEN_SECONDS
		self.code_seconds: float = CODE_SECONDS

	def authorize(self, shop: Shop, request: Request) -> Answer:
		"""GET shows the page. POST is what its buttons send: all parameters, or those that the query string
		lacks."""
		pairs = parse_qsl(request.query_string, keep_blank_values=True)
		if request.method == "GET":
			return self._ask(shop, pairs)
		form = dict([*pairs, *parse_qsl(request.body.decode(), keep_blank_values=True)])
		app = self._checked(form)
		parameters = self._decide(shop, app, form)
		separator = "&" if "?" in form["redirect_uri"] else "?"
		location = f"{form['redirect_uri']}{separator}{signed_query(parameters, app.client_secret)}"
		return Answer(302, headers={"Location": location})

	def _ask(self, shop: Shop, pairs: list[tuple[str, str]]) -> Answer:
		parameters = dict(pairs)
		app = self._checked(parameters)
		return pages.consent(shop.settings.name, app.client_id, _scopes(parameters.get("scope")), pairs)

	def _checked(self, parameters: dict[str, str]) -> App:
		app = self._find_app(parameters.get("client_id", ""))
		if not app:
			raise PageRefused("Oauth error application_cannot_be_found: No application has this API key.")
		if not app.allows(parameters.get("redirect_uri", "")) or "://" not in parameters["redirect_uri"]:
			raise PageRefused("Oauth error invalid_request: The redirect_uri is not whitelisted")
		return app

	def _decide(self, shop: Shop, app: App, form: dict[str, str]) -> dict[str, str]:
		"""The parameters of the callback, before they are signed."""
		store = f"admin.shopify.com/store/{shop.handle}".encode()
		parameters = {
			**app.extra_parameters,
			"host": base64.b64encode(store).decode().rstrip("="),
			"shop": shop.domain,
			"timestamp": str(int(time.time())),
		}
		if "state" in form:
			parameters["state"] = form["state"]
		if form.get("decision") == "approve":
			return {**parameters, "code": self._code(shop, form)}
		description = "The merchant did not approve the app."
		return {**parameters, "error": "access_denied", "error_description": description}

	def _code(self, shop: Shop, form: dict[str, str]) -> str:
		code = secrets.token_hex(16)
		per_user = form.get("grant_options[]") == "per-user"
		self._codes[code] = Code(form["client_id"], shop.domain, _scopes(form.get("scope")), per_user)
		return code

	def token(self, shop: Shop, request: Request) -> Answer:
		"""POST /admin/oauth/access_token: JSON or a form."""
		if request.method != "POST":
			raise Refused(405, "Method Not Allowed", {"Allow": "POST"})
		content = _content(request)
		app = self._find_app(str(content.get("client_id") or ""))
		if not app:
			raise OAuthRefused("application_cannot_be_found", "Could not find Shopify API application")
		if not app.knows(str(content.get("client_secret") or "")):
			raise OAuthRefused("invalid_request", "The client secret is wrong")
		if content.get("grant_type") == REFRESH:
			return self._refresh(shop, app, content)
		return self._exchange(shop, app, content)

	def _exchange(self, shop: Shop, app: App, content: dict) -> Answer:
		code = self._codes.get(str(content.get("code")))
		if (
			not code
			or (code.client_id, code.domain) != (app.client_id, shop.domain)
			or passing.now() - code.made_at >= self.code_seconds
		):
			raise OAuthRefused("invalid_request", "The authorization code was not found or was already used")
		del self._codes[content["code"]]
		if code.per_user:
			return json_answer(self._online(shop, code))
		lifetime = self.token_seconds if content.get("expiring") in EXPIRING else None
		return json_answer(shop.tokens.issue(app.client_id, code.scopes, expires_in=lifetime).as_answer())

	def _online(self, shop: Shop, code: Code) -> dict:
		"""A token of a person rather than of the shop, for `grant_options[]=per-user`."""
		answer = shop.tokens.issue(code.client_id, code.scopes).as_answer()
		user = {"id": shop.number, "first_name": "Sam", "last_name": "Owner", "email": shop.settings.email}
		return {
			**answer,
			"expires_in": ONLINE_TOKEN_SECONDS,
			"associated_user_scope": answer["scope"],
			"associated_user": {**user, "account_owner": True, "collaborator": False, "locale": "en"},
		}

	def _refresh(self, shop: Shop, app: App, content: dict) -> Answer:
		grant = shop.tokens.refreshable(app.client_id, str(content.get("refresh_token")))
		if not grant:
			raise OAuthRefused("invalid_request", "The refresh token was not found or has expired")
		fresh = shop.tokens.issue(app.client_id, grant.scopes, expires_in=self.token_seconds, replaces=grant)
		return json_answer(fresh.as_answer())


def _scopes(text: str | None) -> tuple[str, ...]:
	return tuple(scope for scope in (text or "").replace(" ", ",").split(",") if scope)


def _content(request: Request) -> dict:
	try:
		if "json" in request.content_type:
			content = json.loads(request.body)
		else:
			content = dict(parse_qsl(request.body.decode()))
	except ValueError:
		raise OAuthRefused("invalid_request", "The body cannot be read") from None
	return content if isinstance(content, dict) else {}
