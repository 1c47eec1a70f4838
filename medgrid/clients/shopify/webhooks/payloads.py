"""The bodies of Shopify's webhooks, with the field names of the REST API. Unknown fields are ignored.

Contract: "Example Payload (orders/fulfilled)", which shows only some fields of a real webhook.
"""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, model_validator

# Shopify's IDs: integers within BIGINT, not strings or fractions.
Number = Annotated[int, Field(strict=True, gt=0, lt=2**63)]
# For lists that Shopify may send as null.
none_is_empty = BeforeValidator(lambda value: [] if value is None else value)


class WebhookFulfillment(BaseModel):
	"""
	:param status: pending, open, success, cancelled, error or failure.
	"""

	id: Number | None = None
	status: str | None = None
	created_at: AwareDatetime | None = None
	updated_at: AwareDatetime | None = None
	tracking_company: str | None = None
	tracking_number: str | None = None
	tracking_numbers: Annotated[list[str | None], none_is_empty] = []
	tracking_url: str | None = None
	tracking_urls: Annotated[list[str | None], none_is_empty] = []


class WebhookOrder(BaseModel):
	"""The body of orders/updated, orders/fulfilled and orders/cancelled.

	:param fulfillment_status: None (nothing shipped), partial, fulfilled or restocked.
	"""

	id: Number
	name: str | None = None
	updated_at: AwareDatetime | None = None
	cancelled_at: AwareDatetime | None = None
	fulfillment_status: str | None = None
	fulfillments: Annotated[list[WebhookFulfillment], none_is_empty] = []

	@model_validator(mode="after")
	def _has_a_state(self):
		"""Rejects bodies without a status: any object with an ID, e.g. a shop, would otherwise be an order
		without shipments."""
		if "fulfillment_status" not in self.model_fields_set and self.cancelled_at is None:
			raise ValueError("the body contains no status of an order")
		return self


class WebhookShop(BaseModel):
	"""The body of app/uninstalled."""

	id: Number
	myshopify_domain: str
