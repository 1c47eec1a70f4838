"""ShipStation's webhooks: the subscriptions, and the notice that labels were bought. Pure."""

from typing import Annotated

from pydantic import BaseModel, Field

from medgrid.clients.shipstation.limits import PAGE_SIZE
from medgrid.core.foreign_types import Address, NumericId, Word, empty_if_none, none_if_invalid

# The event of a webhook that says that labels were bought.
SHIP_NOTIFY = "SHIP_NOTIFY"


class CreatedWebhook(BaseModel):
	"""The response to `POST /webhooks/subscribe`."""

	id: NumericId


class WebhookSubscription(BaseModel):
	WebHookID: NumericId
	HookType: Annotated[Word | None, none_if_invalid] = None
	Url: Annotated[Address | None, none_if_invalid] = None


class Webhooks(BaseModel):
	"""The response to `GET /webhooks`."""

	webhooks: Annotated[list[WebhookSubscription], Field(max_length=PAGE_SIZE), empty_if_none] = []


class ShipNotice(BaseModel):
	"""The body of the webhook SHIP_NOTIFY. It is not signed.

	:param resource_url: where the labels are listed.
	"""

	resource_url: Address
	resource_type: Word
