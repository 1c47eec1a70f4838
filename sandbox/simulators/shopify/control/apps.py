"""Control calls about apps, shops, and the tokens that let the ones into the others."""

from collections.abc import Iterable
from typing import Any

from sandbox.simulators.shopify.control import seeding
from sandbox.simulators.shopify.control.lookup import Lookup
from sandbox.simulators.shopify.oauth.apps import App
from sandbox.simulators.shopify.shop.shops import CUSTOM_APP
from sandbox.simulators.shopify.webhooks import payloads


class AppCommands(Lookup):
	def add_app(self, client_id: str, client_secret: str, redirect_uris: Iterable[str] = ()) -> None:
		"""
		:param redirect_uris: where callbacks may go; none means anywhere.
		"""
		app = self._simulator.apps.setdefault(client_id, App(client_id, client_secret))
		app.client_secret = client_secret
		app.redirect_uris = tuple(redirect_uris)

	def extra_parameters(self, client_id: str, **parameters: str) -> None:
		"""Parameters that each callback carries besides the known ones, and that are signed with them."""
		self._simulator.app(client_id).extra_parameters = parameters

	def set_lifetimes(self, token_seconds: float | None = None, code_seconds: float | None = None) -> None:
		"""How long new expiring tokens (3,600) and all authorization codes (60) work."""
		oauth = self._simulator.oauth
		oauth.token_seconds = oauth.token_seconds if token_seconds is None else token_seconds
		oauth.code_seconds = oauth.code_seconds if code_seconds is None else code_seconds

	def add_shop(self, domain: str, **settings: Any) -> dict:
		"""Adds a shop with one location, or changes these settings. Returns domain and location_id.

		:param settings: see `shops.Settings`.
		"""
		shop = self._simulator.shops.add(domain, settings)
		return {"domain": shop.domain, "location_id": seeding.location(shop.catalog.locations[0])["id"]}

	set_shop = add_shop

	def shops(self) -> list[str]:
		"""Their domains, the oldest shop first."""
		return [shop.domain for shop in self._simulator.shops.all()]

	def search_lag(self, domain: str, seconds: float) -> None:
		"""How long orders(query:) does not know a new order."""
		self.add_shop(domain, search_lag=seconds)

	def fill_bucket(self, domain: str, points: float) -> None:
		"""Sets what the apps of a shop have left of their buckets now; 0 empties them."""
		shop = self._shop(domain)
		for client_id in shop.tokens.apps():
			shop.bucket(client_id).fill(points)

	def issue_token(
		self,
		domain: str,
		scopes: Iterable[str],
		client_id: str = CUSTOM_APP,
		expires_in: float | None = None,
	) -> str:
		"""A token without the redirects.

		:param expires_in: seconds; then there is a refresh token as well: use `issue_pair`.
		"""
		return self.issue_pair(domain, scopes, client_id, expires_in)["access_token"]

	def issue_pair(
		self,
		domain: str,
		scopes: Iterable[str],
		client_id: str = CUSTOM_APP,
		expires_in: float | None = 3600,
	) -> dict:
		"""access_token, scope, and if it expires expires_in, refresh_token, refresh_token_expires_in."""
		return self._shop(domain).tokens.issue(client_id, tuple(scopes), expires_in=expires_in).as_answer()

	def revoke_token(self, domain: str, access_token: str | None = None) -> int:
		"""This token, or all of the shop. Returns how many."""
		return self._shop(domain).tokens.revoke(access_token)

	def expire_tokens(self, domain: str, access_token: str | None = None) -> None:
		"""Ends expiring tokens now; their refresh tokens still work."""
		self._shop(domain).tokens.expire(access_token)

	def uninstall(self, domain: str, client_id: str = CUSTOM_APP) -> None:
		"""Sends app/uninstalled, and forgets the app's tokens and subscriptions."""
		shop = self._shop(domain)
		# Afterwards it has no subscriptions any more.
		self._tell(shop, "APP_UNINSTALLED", payloads.shop(shop), client_id)
		shop.tokens.revoke_app(client_id)
		shop.subscriptions.remove_app(client_id)
