"""Shopify's token endpoint: an authorization code, or a refresh token, for a pair of tokens."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import requests
from frappe import _
from pydantic import BaseModel, SecretStr, ValidationError

from medgrid.clients.shopify import responses
from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.tokens import TokenPair, utc_now
from medgrid.http_client.errors import CredentialsRejected, IntegrationError

TIMEOUT_SECONDS = (5, 15)


class IssuedTokens(BaseModel):
	"""The answer; times in seconds from now."""

	access_token: SecretStr
	scope: str = ""
	expires_in: int | None = None
	refresh_token: SecretStr | None = None


def exchange_code(app: ShopifyApp, base_url: str, code: SecretStr) -> TokenPair:
	"""Tokens for the code of a callback. A code works once: this is not repeated.

	:param base_url: the shop's.
	:raises CredentialsRejected: Shopify knows no such code, or not the app's secret.
	:raises IntegrationError: Shopify cannot be asked.
	"""
	return _ask(app, base_url, {"code": code}, **({"expiring": "1"} if app.expiring else {}))


def refresh(app: ShopifyApp, base_url: str, refresh_token: SecretStr) -> TokenPair:
	"""A new pair for an old one, which works until the new one is first used.

	:raises CredentialsRejected: the refresh token is not good any more.
	:raises IntegrationError: Shopify cannot be asked.
	"""
	return _ask(app, base_url, {"refresh_token": refresh_token}, grant_type="refresh_token")


def _ask(app: ShopifyApp, base_url: str, secrets: dict[str, SecretStr], **plain: str) -> TokenPair:
	response = _post(app, base_url, secrets, plain)
	# Here and not where it happened: those frames hold the secrets in plain text.
	if failure := responses.timed_out() if response is None else _failure_of(response):
		raise failure
	return _pair(_content(response))


def _post(
	app: ShopifyApp, base_url: str, secrets: dict[str, SecretStr], plain: dict[str, str]
) -> requests.Response | None:
	"""None if there was no answer."""
	revealed = {name: secret.get_secret_value() for name, secret in secrets.items()}
	identity = {"client_id": app.client_id, "client_secret": app.client_secret.get_secret_value()}
	try:
		return requests.post(
			f"{base_url}/admin/oauth/access_token",
			json={**identity, **revealed, **plain},
			headers={"Accept": "application/json"},
			timeout=TIMEOUT_SECONDS,
			allow_redirects=False,
		)
	except requests.RequestException:
		return None


def _failure_of(response: requests.Response) -> IntegrationError | None:
	if response.status_code in (400, 401):
		return CredentialsRejected(
			_("Shopify does not accept this authorization any more. Connect the store again.")
		)
	return responses.failure_of_status(response.status_code)


def _content(response: requests.Response) -> Any:
	try:
		return response.json()
	except ValueError:
		return None


def _pair(content: Any) -> TokenPair:
	issued = None
	with suppress(ValidationError):
		issued = IssuedTokens.model_validate(content)
	if issued is None or not issued.access_token.get_secret_value():
		raise responses.unexpected_response()
	expires_at = utc_now() + timedelta(seconds=issued.expires_in) if issued.expires_in else None
	scopes = tuple(scope.strip() for scope in issued.scope.split(",") if scope.strip())
	return TokenPair(issued.access_token, scopes, issued.refresh_token, expires_at)
