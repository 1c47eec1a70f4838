"""The caller's side: what tests, the demo and the benchmarks steer a running simulator with."""

import time
from urllib.parse import parse_qsl, urlsplit

from sandbox.simulators.common.remote import SECONDS, RemoteControl
from sandbox.simulators.shopify.control.commands import Control


class ShopifyControl(RemoteControl):
	"""
	>>> control = ShopifyControl("http://127.0.0.1:9101")
	>>> control.add_app("client-id", "client-secret")
	>>> control.add_shop("demo.myshopify.com", restore_rate=1000)
	>>> control.seed_products("demo.myshopify.com", [{"title": "D3", "sku": "VD3", "price": "28.50"}])
	>>> control.fault("drop_after", operation="order_create")
	"""

	commands = Control

	def base_url(self, domain: str) -> str:
		"""What stands for https://<domain>."""
		return f"{self.url}/{domain}"

	def approve(self, authorize_url: str) -> str:
		"""What a merchant does on the page behind this URL. Returns where the browser is sent."""
		return self._decide(authorize_url, "approve")

	def deny(self, authorize_url: str) -> str:
		return self._decide(authorize_url, "deny")

	def wait_for_webhooks(self, seconds: float = 10) -> list[dict]:
		"""The deliveries, once nothing is on its way any more. Raises TimeoutError."""
		until = time.monotonic() + seconds
		while self._call("pending_webhooks"):
			if time.monotonic() > until:
				raise TimeoutError(f"Webhooks are still on their way after {seconds} s.")
			time.sleep(0.02)
		return self._call("deliveries")

	def _decide(self, authorize_url: str, decision: str) -> str:
		url, _mark, query = authorize_url.partition("?")
		form = [*parse_qsl(query, keep_blank_values=True), ("decision", decision)]
		answer = self._session.post(url, data=form, allow_redirects=False, timeout=SECONDS)
		if answer.status_code != 302:
			raise ValueError(f"{urlsplit(url).path} answered {answer.status_code}: {answer.text}")
		return answer.headers["Location"]
