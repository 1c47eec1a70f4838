"""The bodies of Shopify's webhooks, with the field names of the REST API. Unknown fields are ignored.

Contract: "Example Payload (orders/fulfilled)", which shows only some fields of a real webhook.
"""

from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from medgrid.clients.shopify.domains import ShopDomain
from medgrid.clients.shopify.models import MAX_LABELS
from medgrid.core.foreign_types import (
	IdNumber,
	Moment,
	OrderName,
	Text,
	TrackingNumber,
	Url,
	Word,
	empty_if_none,
	none_if_invalid,
)

# A webhook has all fulfillments of its order, and Shopify's own limit is 250. It is read up to here, and an
# order with more is not valid.
MAX_FULFILLMENTS = 1000

Number = Annotated[TrackingNumber | None, none_if_invalid]
Address = Annotated[Url | None, none_if_invalid]


class WebhookFulfillment(BaseModel):
	"""A tracking number that is not one counts as missing, and so does a URL.

	:param status: pending, open, success, cancelled, error or failure.
	"""

	id: IdNumber | None = None
	status: Word | None = None
	created_at: Moment | None = None
	updated_at: Moment | None = None
	tracking_company: Annotated[Text | None, none_if_invalid] = None
	tracking_number: Number = None
	tracking_numbers: Annotated[list[Number], Field(max_length=MAX_LABELS), empty_if_none] = []
	tracking_url: Address = None
	tracking_urls: Annotated[list[Address], Field(max_length=MAX_LABELS), empty_if_none] = []


class WebhookOrder(BaseModel):
	"""The body of orders/updated, orders/fulfilled and orders/cancelled.

	:param name: None: the body has none, or something else than a name.
	:param fulfillment_status: None (nothing shipped), partial, fulfilled or restocked.
	"""

	id: IdNumber
	name: Annotated[OrderName | None, none_if_invalid] = None
	updated_at: Moment | None = None
	cancelled_at: Moment | None = None
	fulfillment_status: Word | None = None
	fulfillments: Annotated[list[WebhookFulfillment], Field(max_length=MAX_FULFILLMENTS), empty_if_none] = []

	@model_validator(mode="after")
	def _has_a_state(self):
		"""Rejects bodies without a status: any object with an ID, e.g. a shop, would otherwise be an order
		without shipments."""
		if "fulfillment_status" not in self.model_fields_set and self.cancelled_at is None:
			raise ValueError("the body contains no status of an order")
		return self


class WebhookShop(BaseModel):
	"""The body of app/uninstalled."""

	id: IdNumber
	myshopify_domain: ShopDomain
