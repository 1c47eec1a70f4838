"""The state, and the rules of a request: shop, endpoint. Webhooks are sent outside the lock."""

import re

from sandbox.simulators.common import simulator
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.common.messages import Answer, Request
from sandbox.simulators.shopify import journal
from sandbox.simulators.shopify.admin_api import endpoint
from sandbox.simulators.shopify.admin_api.schema import schema
from sandbox.simulators.shopify.errors import Refused
from sandbox.simulators.shopify.faults import Fault
from sandbox.simulators.shopify.oauth.apps import App
from sandbox.simulators.shopify.oauth.authorization import OAuth
from sandbox.simulators.shopify.shop.shops import Shop, Shops
from sandbox.simulators.shopify.shop.tokens import Grant
from sandbox.simulators.shopify.webhooks.deliveries import Dispatcher

PATH = re.compile(r"/(?P<domain>[^/]+)/admin(?P<rest>/.*)")
GRAPHQL = re.compile(r"/api/(?P<version>[^/]+)/graphql\.json")


class Simulator(simulator.Simulator):
	fault_type = Fault
	passing = frozenset({*simulator.Simulator.passing, "dispatcher", "oauth"})

	def __init__(self) -> None:
		self.dispatcher = Dispatcher()
		# Takes a while, and is kept: no request is to wait for it.
		schema()
		super().__init__()

	def close(self) -> None:
		self.dispatcher.close()

	def app(self, client_id: str) -> App:
		if client_id not in self.apps:
			raise ControlRefused(f"There is no app {client_id!r}.")
		return self.apps[client_id]

	def context(self, shop: Shop, grant: Grant) -> endpoint.Context:
		app = self.apps.get(grant.client_id)
		secret = app.client_secret if app else shop.settings.admin_secret
		return endpoint.Context(shop, grant, secret, self.dispatcher)

	def _clear(self) -> None:
		self.dispatcher.close()
		self.dispatcher = Dispatcher()
		self.apps: dict[str, App] = {}
		self.shops = Shops()
		self.oauth = OAuth(lambda client_id: self.apps.get(client_id))

	def _handle(self, request: Request) -> Answer:
		match = PATH.fullmatch(request.path)
		shop = self.shops.find(match["domain"]) if match else None
		if not match or not shop:
			raise Refused(404, "Not Found")
		if match["rest"] == "/oauth/authorize" and request.method in ("GET", "POST"):
			return self.oauth.authorize(shop, request)
		if match["rest"] == "/oauth/access_token":
			return self.oauth.token(shop, request)
		if graphql := GRAPHQL.fullmatch(match["rest"]):
			grant = endpoint.admit(shop, graphql["version"], request)
			return endpoint.answer(self.context(shop, grant), graphql["version"], request)
		raise Refused(404, "Not Found")

	def _details(self, request: Request, answer: Answer) -> Entry:
		return journal.details(request, answer)
