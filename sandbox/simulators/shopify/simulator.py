"""The whole state behind one lock, and the way of a public request through it.

Fault, shop, endpoint, journal: in this order, and atomically. Waiting, closing the connection and sending
webhooks happen outside the lock.
"""

import re
import threading

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.faults import Faults
from sandbox.simulators.common.journal import Journal
from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.shopify import journal
from sandbox.simulators.shopify.admin_api import endpoint
from sandbox.simulators.shopify.errors import OAuthRefused, PageRefused, Refused
from sandbox.simulators.shopify.journal import Received
from sandbox.simulators.shopify.oauth import pages
from sandbox.simulators.shopify.oauth.apps import App
from sandbox.simulators.shopify.oauth.authorization import OAuth
from sandbox.simulators.shopify.shop.shops import Shop, Shops
from sandbox.simulators.shopify.shop.tokens import Grant
from sandbox.simulators.shopify.webhooks.deliveries import Dispatcher

PATH = re.compile(r"/(?P<domain>[^/]+)/admin(?P<rest>/.*)")
GRAPHQL = re.compile(r"/api/(?P<version>[^/]+)/graphql\.json")


class Simulator:
	def __init__(self):
		self.lock = threading.RLock()
		self.dispatcher = Dispatcher()
		self.reset()

	def reset(self) -> None:
		with self.lock:
			self.dispatcher.close()
			self.dispatcher = Dispatcher()
			self.apps: dict[str, App] = {}
			self.shops = Shops()
			self.oauth = OAuth(lambda client_id: self.apps.get(client_id))
			self.faults = Faults()
			self.journal = Journal()

	def app(self, client_id: str) -> App:
		if client_id not in self.apps:
			raise ControlRefused(f"There is no app {client_id!r}.")
		return self.apps[client_id]

	def respond(self, request: Request) -> tuple[Answer, Received]:
		"""Answers a request of the public API and records it."""
		with self.lock:
			answer, fault = self.faults.answer(request, lambda: self._process(request))
			return answer, self.journal.add(journal.entry(request, answer, fault))

	def context(self, shop: Shop, grant: Grant) -> endpoint.Context:
		app = self.apps.get(grant.client_id)
		secret = app.client_secret if app else shop.settings.admin_secret
		return endpoint.Context(shop, grant, secret, self.dispatcher)

	def _process(self, request: Request) -> Answer:
		try:
			return self._route(request)
		except Refused as refused:
			return json_answer(refused.body, refused.status, refused.headers)
		except OAuthRefused as refused:
			return json_answer(refused.body, 400)
		except PageRefused as refused:
			return pages.error(str(refused))

	def _route(self, request: Request) -> Answer:
		match = PATH.fullmatch(request.path)
		shop = match and self.shops.find(match["domain"])
		if not shop:
			raise Refused(404, "Not Found")
		if match["rest"] == "/oauth/authorize" and request.method in ("GET", "POST"):
			return self.oauth.authorize(shop, request)
		if match["rest"] == "/oauth/access_token":
			return self.oauth.token(shop, request)
		if graphql := GRAPHQL.fullmatch(match["rest"]):
			grant = endpoint.admit(shop, graphql["version"], request)
			return endpoint.answer(self.context(shop, grant), graphql["version"], request)
		raise Refused(404, "Not Found")
