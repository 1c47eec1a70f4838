"""The calls below `/_control/`: what administrators do in Vertex' screens, and what tests do to Vertex."""

from collections.abc import Iterable
from typing import Any

from sandbox.simulators.common import control
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.vertex import clock
from sandbox.simulators.vertex.access import identity, issuer
from sandbox.simulators.vertex.access.clients import TOKEN_PATHS, Client, Company
from sandbox.simulators.vertex.access.forged_tokens import FORGERIES
from sandbox.simulators.vertex.access.token_endpoints import TokenLimit
from sandbox.simulators.vertex.errors import SHAPES
from sandbox.simulators.vertex.simulator import Simulator, as_json
from sandbox.simulators.vertex.tax_journal.bookings import HABITS


class Control(control.Control[Simulator]):
	def add_company(self, code: str, states: Iterable[str] | None = None) -> None:
		"""A company that exists is replaced.

		:param states: where it is registered, as postal abbreviations; None: everywhere.
		"""
		registered = None if states is None else frozenset(state.upper() for state in states)
		self._simulator.companies[code] = Company(code, registered)

	def add_client(self, client_id: str, client_secret: str, kind: str = "cloud") -> None:
		"""Credentials. Those that exist are replaced, with a token limit that nothing is used of.

		:param kind: cloud, cloud_legacy or on_demand: which token endpoint knows them.
		"""
		_check(kind, TOKEN_PATHS)
		self._simulator.clients.add(Client(client_id, client_secret, kind))

	def set_token_limit(self, tokens: int = 10, window_seconds: float = 28_800) -> None:
		"""How many tokens a client of the kind cloud gets in any window."""
		self._simulator.token_limit = TokenLimit(tokens, window_seconds)

	def set_token_life(self, seconds: float, kind: str | None = None) -> None:
		"""How long the tokens are good that are issued from now on.

		:param kind: of clients; None: all kinds.
		"""
		for each in TOKEN_PATHS if kind is None else [_check(kind, TOKEN_PATHS)]:
			self._simulator.clients.lives[each] = seconds

	def forget_tokens(self) -> None:
		"""All tokens end now."""
		self._simulator.clients.forget_tokens()

	def token_requests(self, client_id: str) -> list[dict]:
		"""A client's requests for tokens, oldest first: time, path, issued (whether it got one)."""
		return self._simulator.clients.get(client_id).requests

	def set_clock(self, moment: str | None = None) -> str:
		"""Sets the time, from which the clock runs on, and returns it.

		:param moment: `2026-11-25T14:03:11Z`; None: the real time again.
		"""
		self._simulator.clock.set(clock.parse(moment) if moment else None)
		return clock.as_text(self._simulator.clock.now())

	def advance_clock(self, seconds: float) -> str:
		"""Lets time pass, and returns what time it is."""
		self._simulator.clock.advance(seconds)
		return clock.as_text(self._simulator.clock.now())

	def set_error_shape(self, shape: str) -> None:
		"""
		:param shape: service (what the real one answers) or specification (code, message, target).
		"""
		self._simulator.error_shape = _check(shape, SHAPES)

	def set_repeated_id(self, habit: str) -> None:
		"""What a transaction id does that is in the journal already.

		:param habit: replace (the second one replaces the first), duplicate (both stay) or refuse (400).
		"""
		self._simulator.tax_journal.habit = _check(habit, HABITS)

	def journal(self, document_number: str | None = None, transaction_id: str | None = None) -> list[dict]:
		"""What is booked, oldest first, deleted and reversed transactions too.

		:returns: of each id, kind (INVOICE or REVERSAL), clientId, documentNumber, documentDate, postingDate,
			company, subTotal, totalTax, total, bookedAt, deleted, reversed, reversedBy, reverses, request.
		"""
		return [
			as_json(booking.as_json())
			for booking in self._simulator.tax_journal.all()
			if document_number in (None, booking.document_number)
			and transaction_id in (None, booking.transaction_id)
		]

	def identity_token(
		self,
		shop: str | None,
		forgery: str | None = None,
		secret: str | None = None,
		claims: dict[str, Any] | None = None,
	) -> str:
		"""A bearer token of the identity server for a shop's user.

		:param forgery: what is wrong with it, a name in `forged_tokens.FORGERIES` such as expired,
			other_issuer, other_audience, unsigned, hs256_with_public_key; None: nothing.
		:param secret: signs it with HS256 and this secret instead of the server's key.
		:param claims: more claims, or others; null as a value leaves one out.
		"""
		content = identity.honest_claims(shop, claims)
		if forgery is not None:
			return FORGERIES[_check(forgery, FORGERIES)](self._simulator.identity, content)
		if secret is not None:
			return identity.signed_by_secret(content, secret.encode())
		return identity.signed(content, self._simulator.identity.key)

	def forgeries(self) -> list[str]:
		"""The names that `identity_token` knows."""
		return list(FORGERIES)

	def identity(self) -> dict[str, str]:
		"""What MedGrid has to be told: issuer, audience, shop_claim, keys_path."""
		return {
			"issuer": issuer.ISSUER,
			"audience": issuer.AUDIENCE,
			"shop_claim": issuer.SHOP_CLAIM,
			"keys_path": issuer.KEYS_PATH,
		}

	def rotate_identity_key(self, algorithm: str = "RS256") -> None:
		"""The identity server forgets its key and makes another one, RS256 or ES256."""
		self._simulator.identity.rotate(algorithm)

	def received(self, client_id: str | None = None, path: str | None = None) -> list[Entry]:
		"""The requests, oldest first: `journal.entry`, with time (the simulator's) and client_id."""
		return as_json(self._simulator.journal.entries(client_id=client_id, path=path))


def _check(name: str, known: Iterable[str]) -> str:
	if name not in known:
		raise ControlRefused(f"Unknown: {name!r}. It must be one of {', '.join(known)}.")
	return name
