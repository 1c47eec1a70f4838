"""The bodies of the webhooks that Shopify demands of every public app. See docs/api.md, `app_uninstall`.
Pure."""

from typing import Annotated

from pydantic import BaseModel, Field

from medgrid.clients.shopify.domains import ShopDomain
from medgrid.core.foreign_types import BOUNDED, IdNumber, Text, empty_if_none, none_if_invalid

MAX_ORDERS = 10_000

Orders = Annotated[list[IdNumber], BOUNDED, Field(max_length=MAX_ORDERS), empty_if_none]


class Customer(BaseModel):
	id: Annotated[IdNumber | None, none_if_invalid] = None
	email: Annotated[Text | None, none_if_invalid] = None
	phone: Annotated[Text | None, none_if_invalid] = None

	def codes(self) -> set[str]:
		"""By what a merchant may call the customer at Vertex."""
		return {str(value) for value in (self.id, self.email, self.phone) if value}


class AboutCustomer(BaseModel):
	"""The body of customers/data_request and customers/redact."""

	shop_domain: ShopDomain
	customer: Annotated[Customer | None, none_if_invalid] = None
	orders_to_redact: Orders = []
	orders_requested: Orders = []


class AboutShop(BaseModel):
	"""The body of shop/redact."""

	shop_domain: ShopDomain
