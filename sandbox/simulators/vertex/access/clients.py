"""Clients (credentials made in Vertex' screens), the access tokens that they hold, and companies."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.simulators.common.accounts import Accounts
from sandbox.simulators.common.messages import Request
from sandbox.simulators.vertex.errors import Unauthorized

# Kind of a client -> where it gets its tokens, and how long they live.
TOKEN_PATHS = {
	"cloud": "/oauth/token",
	"cloud_legacy": "/identity/connect/token",
	"on_demand": "/oseries-auth/oauth/token",
}
LIVES = {"cloud": 3600.0, "cloud_legacy": 1200.0, "on_demand": 1200.0}


@dataclass
class Client:
	"""
	:param issued: when it got tokens, oldest first.
	:param requests: its token requests, refused ones too.
	"""

	client_id: str
	client_secret: str = field(repr=False)
	kind: str
	issued: list[datetime] = field(default_factory=list)
	requests: list[dict] = field(default_factory=list)

	def has_secret(self, secret: str) -> bool:
		return hmac.compare_digest(self.client_secret.encode(), secret.encode())


@dataclass(frozen=True)
class Company:
	"""
	:param states: where it is registered, by postal abbreviation; None: everywhere.
	"""

	code: str
	states: frozenset[str] | None = None

	def is_registered_in(self, state: str) -> bool:
		return self.states is None or state in self.states


@dataclass(frozen=True)
class Token:
	client_id: str
	ends_at: datetime


class Clients(Accounts[Client]):
	def __init__(self) -> None:
		super().__init__()
		self.lives = dict(LIVES)
		self._tokens: dict[str, Token] = {}

	def add(self, client: Client) -> None:
		self._accounts[client.client_id] = client

	def find(self, client_id: str) -> Client | None:
		return self._accounts.get(client_id)

	def issue(self, client: Client, now: datetime) -> tuple[str, float]:
		"""
		:returns: a new access token, and for how many seconds it is good.
		"""
		seconds = self.lives[client.kind]
		# As long as a real one, which is a JWT of about a thousand characters.
		token = "eyJ" + ".".join(secrets.token_urlsafe(length) for length in (45, 450, 256))
		self._tokens[token] = Token(client.client_id, now + timedelta(seconds=seconds))
		client.issued.append(now)
		return token, seconds

	def forget_tokens(self) -> None:
		"""All tokens end before their time."""
		self._tokens.clear()

	def holder(self, request: Request) -> str:
		"""The id of the client that a request's token was issued to, ended or not; else empty."""
		token = self._tokens.get(_bearer(request))
		return token.client_id if token else ""

	def identify(self, request: Request, now: datetime) -> Client:
		"""
		:raises Unauthorized: no token, one that has ended, or one that was not issued here.
		"""
		token = self._tokens.get(_bearer(request))
		if not token or token.ends_at <= now or token.client_id not in self._accounts:
			raise Unauthorized("The access token is missing, has expired or is not one of this service.")
		return self._accounts[token.client_id]


def _bearer(request: Request) -> str:
	scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
	return token.strip() if scheme.lower() == "bearer" else ""
