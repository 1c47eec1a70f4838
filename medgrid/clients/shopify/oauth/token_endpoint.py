"""Shopify's token endpoint: exchanges an authorization code or a refresh token for a pair of tokens."""

import math
import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints

from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.clients.shopify.responses import SERVICE, classify_token_answer
from medgrid.core.clock import utc_now
from medgrid.core.foreign_types import BOUNDED
from medgrid.http_client.exchanges import Observer, log_exchange
from medgrid.http_client.messages import Request
from medgrid.http_client.service_client import content_of, parsed
from medgrid.http_client.transport import Transport

PATH = "/admin/oauth/access_token"
# Less than `tokens.LOCK_SECONDS`.
EXCHANGE_SECONDS = 15
TEN_YEARS = 10 * 365 * 86400
# Characters that a header can contain, because the client sends the token in one.
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")


def _sendable(token: SecretStr) -> SecretStr:
	if not _TOKEN.fullmatch(token.get_secret_value()):
		raise ValueError("not a token")
	return token


Token = Annotated[SecretStr, BOUNDED, AfterValidator(_sendable)]


class IssuedTokens(BaseModel):
	"""The response; `expires_in` in seconds."""

	access_token: Token
	scope: Annotated[str, BOUNDED, StringConstraints(pattern=r"^[a-z_, ]{0,2000}$")] = ""
	expires_in: Annotated[int, BOUNDED, Field(strict=True, gt=0, le=TEN_YEARS)] | None = None
	refresh_token: Token | None = None


def exchange_code(
	app: ShopifyApp, base_url: str, code: SecretStr, observer: Observer = log_exchange
) -> TokenPair:
	"""Exchanges the code of a callback for tokens. The exchange is not retried, because a code is valid once.

	:param base_url: the shop's base URL.
	:param code: the authorization code.
	:param observer: receives the record of the exchange.
	:raises AuthorizationRejected: Shopify does not accept the code or the app's client secret.
	:raises IntegrationError: the exchange failed.
	"""
	return _request_tokens(
		app, base_url, observer, {"code": code, **({"expiring": "1"} if app.expiring else {})}
	)


def refresh(
	app: ShopifyApp,
	base_url: str,
	refresh_token: SecretStr,
	observer: Observer = log_exchange,
	*,
	deadline: float = math.inf,
) -> TokenPair:
	"""Exchanges a refresh token for a new pair. The old pair works until the new one is first used.

	:param base_url: the shop's base URL.
	:param observer: receives the record of the exchange.
	:param deadline: a value of `time.monotonic()`; the exchange ends at the latest then.
	:raises AuthorizationRejected: the refresh token is no longer valid.
	:raises IntegrationError: the exchange failed.
	"""
	grant: dict[str, SecretStr | str] = {"refresh_token": refresh_token, "grant_type": "refresh_token"}
	return _request_tokens(app, base_url, observer, grant, deadline)


def _request_tokens(
	app: ShopifyApp,
	base_url: str,
	observer: Observer,
	grant: dict[str, SecretStr | str],
	deadline: float = math.inf,
) -> TokenPair:
	"""The request is repeatable: Shopify rejects a code that is sent again, and issues another pair for a
	refresh token that is sent again."""
	request = Request(
		"POST",
		PATH,
		deadline=deadline,
		repeatable=True,
		body={"client_id": app.client_id, "client_secret": app.client_secret, **grant},
	)
	with Transport(
		base_url, service=SERVICE, observer=observer, exchange_seconds=EXCHANGE_SECONDS
	) as transport:
		return _pair(content_of(transport.send(request), classify_token_answer))


def _pair(content: Any) -> TokenPair:
	issued = parsed(IssuedTokens, content, service=SERVICE)
	expires_at = utc_now() + timedelta(seconds=issued.expires_in) if issued.expires_in else None
	scopes = tuple(scope.strip() for scope in issued.scope.split(",") if scope.strip())
	return TokenPair(issued.access_token, scopes, issued.refresh_token, expires_at)
