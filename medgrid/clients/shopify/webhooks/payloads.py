"""What Shopify's webhooks carry, with REST's field names. Unknown fields are ignored; most have no use here.

Contract: "Example Payload (orders/fulfilled)", in which most of a real one's fields are missing.
"""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, model_validator

# Shopify's own ids: no text, no fraction, and within its BIGINT.
Number = Annotated[int, Field(strict=True, gt=0, lt=2**63)]
# Lists that may be null.
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

	:param fulfillment_status: None (nothing shipped), partial, fulfilled, restocked.
	"""

	id: Number
	name: str | None = None
	updated_at: AwareDatetime | None = None
	cancelled_at: AwareDatetime | None = None
	fulfillment_status: str | None = None
	fulfillments: Annotated[list[WebhookFulfillment], none_is_empty] = []

	@model_validator(mode="after")
	def _tells_a_state(self):
		"""Else any object with an id, a shop for one, would pass for an order of which nothing was
		shipped."""
		if "fulfillment_status" not in self.model_fields_set and self.cancelled_at is None:
			raise ValueError("it tells no state of an order")
		return self


class WebhookShop(BaseModel):
	"""The body of app/uninstalled."""

	id: Number
	myshopify_domain: str
