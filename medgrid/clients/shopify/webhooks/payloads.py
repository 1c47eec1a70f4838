"""The bodies of Shopify's webhooks, with the field names of the REST API. Unknown fields are ignored. Pure.

Contract: "Example Payload (orders/fulfilled)", which shows only some fields of a real webhook.
"""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationInfo, model_validator

from medgrid.clients.shopify.domains import ShopDomain
from medgrid.clients.shopify.order_results import MAX_LABELS
from medgrid.core.foreign_types import (
	IdNumber,
	Moment,
	OrderName,
	Text,
	TrackingNumber,
	Url,
	Word,
	empty_if_none,
	none_if_empty,
)
from medgrid.http_client.partial_reading import LEFT_OUT

# A webhook has all fulfillments of its order, and Shopify's own limit is 250. It is read up to here, and an
# order with more is not valid.
MAX_FULFILLMENTS = 1000


class WebhookFulfillment(BaseModel):
	"""
	:param status: pending, open, success, cancelled, error or failure.
	"""

	id: IdNumber | None = None
	status: Word | None = None
	created_at: Moment | None = None
	updated_at: Moment | None = None
	tracking_company: Text | None = None
	tracking_number: Annotated[TrackingNumber | None, none_if_empty] = None
	tracking_numbers: Annotated[
		list[Annotated[TrackingNumber | None, none_if_empty]], Field(max_length=MAX_LABELS), empty_if_none
	] = []
	tracking_url: Annotated[Url | None, none_if_empty] = None
	tracking_urls: Annotated[
		list[Annotated[Url | None, none_if_empty]], Field(max_length=MAX_LABELS), empty_if_none
	] = []


class WebhookOrder(BaseModel):
	"""The body of orders/updated, orders/fulfilled and orders/cancelled. `partial_reading.read_partly` reads
	one with fields that are not valid.

	:param name: None: the body has none.
	:param fulfillment_status: None (nothing shipped), partial, fulfilled or restocked.
	"""

	id: IdNumber
	name: OrderName | None = None
	updated_at: Moment | None = None
	cancelled_at: Moment | None = None
	fulfillment_status: Word | None = None
	fulfillments: Annotated[list[WebhookFulfillment], Field(max_length=MAX_FULFILLMENTS), empty_if_none] = []

	@model_validator(mode="after")
	def _has_a_state(self, info: ValidationInfo):
		"""Rejects bodies without a status: any object with an ID, e.g. a shop, would otherwise be an order
		without shipments."""
		left_out = (info.context or {}).get(LEFT_OUT, {})
		has_status = "fulfillment_status" in self.model_fields_set or ("fulfillment_status",) in left_out
		if not has_status and self.cancelled_at is None:
			raise ValueError("the body contains no status of an order")
		return self


class WebhookShop(BaseModel):
	"""The body of app/uninstalled."""

	id: IdNumber
	myshopify_domain: ShopDomain
