"""The control API from Python: what tests, the demo and the benchmarks steer a running simulator with."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.simulators.common.remote import SECONDS, RemoteControl
from sandbox.simulators.shopify.remote_orders import RemoteOrders
from sandbox.simulators.shopify.remote_webhooks import RemoteWebhooks

CHUNK = 20_000


class ShopifyControl(RemoteOrders, RemoteWebhooks, RemoteControl):
	"""Each method is one control call; it raises ControlRefused when the call makes no sense.

	Ids are global ids (gid://shopify/Order/1) or bare numbers. Domains are whole, `demo.myshopify.com`.

	>>> control = ShopifyControl("http://127.0.0.1:9101")
	>>> control.add_app("client-id", "client-secret")
	>>> control.add_shop("demo.myshopify.com", restore_rate=1000)
	>>> control.seed_products("demo.myshopify.com", [{"title": "D3", "sku": "VD3", "price": "28.50"}])
	>>> control.fault("drop_after", operation="order_create")
	"""

	def base_url(self, domain: str) -> str:
		"""What stands for https://<domain>."""
		return f"{self.url}/{domain}"

	def add_app(self, client_id: str, client_secret: str, redirect_uris: Iterable[str] = ()) -> None:
		"""
		:param redirect_uris: where callbacks may go; none means anywhere.
		"""
		self._call(
			"add_app", client_id=client_id, client_secret=client_secret, redirect_uris=list(redirect_uris)
		)

	def extra_parameters(self, client_id: str, **parameters: str) -> None:
		"""Parameters that each callback carries besides the known ones, and that are signed with them."""
		self._call("extra_parameters", client_id=client_id, parameters=parameters)

	def set_lifetimes(self, token_seconds: float | None = None, code_seconds: float | None = None) -> None:
		"""How long new expiring tokens (3,600) and all authorization codes (60) work."""
		self._call("set_lifetimes", token_seconds=token_seconds, code_seconds=code_seconds)

	def approve(self, authorize_url: str) -> str:
		"""What a merchant does on the page behind this URL. Returns where the browser is sent."""
		return self._decide(authorize_url, "approve")

	def deny(self, authorize_url: str) -> str:
		return self._decide(authorize_url, "deny")

	def add_shop(self, domain: str, **settings: Any) -> dict:
		"""Adds a shop with one location, or changes these settings. Returns domain and location_id.

		:param settings: name, email, currency (USD), timezone, state (open, frozen: 402, locked: 423),
			orders_per_minute (None; 5 as in a development store), search_lag (seconds), admin_secret,
			bucket_size (2000), restore_rate (100), api_versions.
		"""
		return self._call("add_shop", domain=domain, **settings)

	set_shop = add_shop

	def search_lag(self, domain: str, seconds: float) -> None:
		"""How long orders(query:) does not know a new order."""
		self._call("add_shop", domain=domain, search_lag=seconds)

	def fill_bucket(self, domain: str, points: float) -> None:
		"""Sets what the apps of a shop have left of their buckets now; 0 empties them."""
		self._call("fill_bucket", domain=domain, points=points)

	def issue_token(
		self,
		domain: str,
		scopes: Iterable[str],
		client_id: str = "custom-app",
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
		client_id: str = "custom-app",
		expires_in: float | None = 3600,
	) -> dict:
		"""access_token, scope, and if it expires expires_in, refresh_token, refresh_token_expires_in."""
		return self._call(
			"issue_token", domain=domain, scopes=list(scopes), client_id=client_id, expires_in=expires_in
		)

	def revoke_token(self, domain: str, access_token: str | None = None) -> int:
		"""This token, or all of the shop. Returns how many."""
		return self._call("revoke_token", domain=domain, access_token=access_token)

	def expire_tokens(self, domain: str, access_token: str | None = None) -> None:
		"""Ends expiring tokens now; their refresh tokens still work."""
		self._call("expire_tokens", domain=domain, access_token=access_token)

	def uninstall(self, domain: str, client_id: str = "custom-app") -> None:
		"""Sends app/uninstalled, and forgets the app's tokens and subscriptions."""
		self._call("uninstall", domain=domain, client_id=client_id)

	def seed_products(self, domain: str, rows: Iterable[dict]) -> list[dict]:
		"""Returns the products with the ids of everything.

		:param rows: title, status (ACTIVE, ARCHIVED, DRAFT, UNLISTED), and either `variants`, or the fields
			of the only variant: sku, price, quantity, variant_title, policy (DENY, CONTINUE).
		"""
		rows = list(rows)
		chunks = (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
		return [
			product for chunk in chunks for product in self._call("seed_products", domain=domain, rows=chunk)
		]

	def make_products(self, domain: str, count: int, variants_each: int = 1, prefix: str = "BULK") -> dict:
		"""Many products at once, SKUs BULK-000001 and on. Returns how many products and variants."""
		return self._call(
			"make_products", domain=domain, count=count, variants_each=variants_each, prefix=prefix
		)

	def products(self, domain: str) -> list[dict]:
		return self._call("products", domain=domain)

	def add_variant(self, domain: str, product_id: str, **content: Any) -> dict:
		"""
		:param content: sku, price, quantity, variant_title, policy.
		"""
		return self._call("add_variant", domain=domain, product_id=product_id, **content)

	def change_product(self, domain: str, product_id: str, **changes: Any) -> dict:
		"""
		:param changes: title, status.
		"""
		return self._call("change_product", domain=domain, product_id=product_id, **changes)

	def change_variant(self, domain: str, variant_id: str, **changes: Any) -> dict:
		"""
		:param changes: sku, title, price, inventory_policy.
		"""
		return self._call("change_variant", domain=domain, variant_id=variant_id, **changes)

	def change_sku(self, domain: str, variant_id: str, sku: str | None) -> dict:
		return self.change_variant(domain, variant_id, sku=sku)

	def remove_product(self, domain: str, product_id: str) -> None:
		self._call("remove_product", domain=domain, product_id=product_id)

	def remove_variant(self, domain: str, variant_id: str) -> None:
		self._call("remove_variant", domain=domain, variant_id=variant_id)

	def add_location(self, domain: str, name: str) -> dict:
		"""Returns id and name; it stocks nothing yet."""
		return self._call("add_location", domain=domain, name=name)

	def locations(self, domain: str) -> list[dict]:
		return self._call("locations", domain=domain)

	def set_inventory(
		self, domain: str, variant_id: str, quantity: int | None, location_id: str | None = None
	) -> dict:
		"""
		:param quantity: None: the location does not stock it, its inventoryLevel is null.
		:param location_id: by default the shop's first.
		"""
		return self._call(
			"set_inventory",
			domain=domain,
			variant_id=variant_id,
			quantity=quantity,
			location_id=location_id,
		)

	def received(self, domain: str | None = None, operation: str | None = None) -> list[dict]:
		"""The requests, oldest first: see `journal.Received`."""
		return self._call("received", domain=domain, operation=operation)

	def fault(self, kind: str, times: int | None = 1, **options: Any) -> None:
		"""Spoils the next `times` requests that match; `faults.Fault` explains each option.

		:param kind: too_many, throttled, internal, status, timeout_before, timeout_after, drop_after, half,
			malformed, null, slow.
		:param options: path, method, domain, operation, seconds, status, body, processed.
		"""
		self._call("fault", kind=kind, times=times, **options)

	def _decide(self, authorize_url: str, decision: str) -> str:
		url, _mark, query = authorize_url.partition("?")
		form = [*parse_qsl(query, keep_blank_values=True), ("decision", decision)]
		answer = self._session.post(url, data=form, allow_redirects=False, timeout=SECONDS)
		if answer.status_code != 302:
			raise ValueError(f"{urlsplit(url).path} answered {answer.status_code}: {answer.text}")
		return answer.headers["Location"]
