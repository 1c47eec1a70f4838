"""The bodies of requests to ShipStation and of its responses, with ShipStation's field names.

Unknown fields of responses are ignored. Contract: "Order Payload Structure", "How Tracking Pull Works".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
	AfterValidator,
	BaseModel,
	BeforeValidator,
	ConfigDict,
	Field,
	PlainSerializer,
	StringConstraints,
	ValidationError,
	model_validator,
)

from medgrid.core.foreign_types import (
	BOUNDED,
	CarrierName,
	Count,
	Day,
	Key,
	NumericId,
	Quantity,
	ServiceCode,
	TrackingNumber,
	Word,
	empty_if_none,
	in_years,
	none_if_empty,
	none_if_invalid,
)
from medgrid.core.foreign_types import Address as ForeignAddress
from medgrid.core.text import MAX_LENGTH, plain_text

Model = TypeVar("Model", bound=BaseModel)

# ShipStation's dates and times are in Pacific time, in responses and in parameters.
PACIFIC = ZoneInfo("America/Los_Angeles")

# A Decimal in MedGrid, a JSON number in the request.
Exact = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class Outgoing(BaseModel):
	"""Base of everything that is sent to ShipStation."""

	model_config = ConfigDict(extra="forbid", frozen=True)


class Address(Outgoing):
	"""A postal address.

	:param state: the two-letter code if the country has such codes; None if it has no states.
	:param postalCode: None if the country has no postal codes.
	:param country: ISO 3166-1, two letters.
	"""

	name: str
	company: str | None = None
	street1: str
	street2: str | None = None
	street3: Annotated[str, StringConstraints(max_length=200)] | None = None
	city: str
	state: str | None = None
	postalCode: str | None = None
	country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
	phone: str


class Weight(Outgoing):
	value: Exact
	units: Literal["pounds", "ounces", "grams"]


class ItemOption(Outgoing):
	"""A pair that a packing slip shows beside the item's name."""

	name: str
	value: str


class OrderItem(Outgoing):
	lineItemKey: str
	sku: Annotated[str, StringConstraints(max_length=100)]
	name: str
	quantity: int
	unitPrice: Exact
	weight: Weight | None = None
	options: list[ItemOption] | None = None


# What MedGrid makes of an order in ShipStation.
OrderStatus = Literal["awaiting_shipment", "on_hold", "cancelled"]
# The states in which ShipStation lets an order be sent again.
REPLACEABLE = frozenset({"awaiting_payment", "awaiting_shipment", "on_hold"})


class AdvancedOptions(Outgoing):
	""":param storeId: the store that gets the order; ShipStation heeds it only when the order is created."""

	storeId: int


class OrderPayload(Outgoing):
	"""The body of `POST /orders/createorder`.

	:param internalNotes: seen by the vendor only, not by the customer.
	:param advancedOptions: None: the order goes to the store that ShipStation chooses.
	"""

	orderNumber: Annotated[str, StringConstraints(max_length=50)]
	orderKey: str
	orderDate: date
	orderStatus: OrderStatus = "awaiting_shipment"
	customerEmail: str | None = None
	amountPaid: Exact
	items: Annotated[list[OrderItem], Field(min_length=1)]
	shipTo: Address
	billTo: Address
	weight: Weight | None = None
	internalNotes: str | None = None
	advancedOptions: AdvancedOptions | None = None


# The limits of what ShipStation sends. What exceeds them is reported, and not read or stored.
MAX_PAGES = 200
# Pages of the shipments of one order.
MAX_PAGES_OF_ORDER = 4
# Pages of cancelled orders.
MAX_PAGES_OF_CANCELLED = 4
# The most entries on a page that MedGrid reads; it requests at most as many.
PAGE_SIZE = 500
MAX_ITEMS = 2000
# The shipments that are stored of one order: the newest ones.
MAX_SHIPMENTS = 50


class CreatedOrder(BaseModel):
	"""The response to `POST /orders/createorder`."""

	orderId: NumericId


class RemoteItem(BaseModel):
	lineItemKey: Annotated[Key | None, none_if_invalid] = None
	quantity: Annotated[Quantity | None, none_if_invalid] = None


class RemoteOrder(BaseModel):
	"""An order in ShipStation.

	:param orderKey: None: it has none, or none that MedGrid can have sent.
	:param orderStatus: e.g. "awaiting_shipment"; ShipStation may add values.
	"""

	orderId: NumericId
	orderKey: Annotated[Key | None, none_if_invalid] = None
	orderStatus: Annotated[Word | None, none_if_invalid] = None
	items: Annotated[list[RemoteItem], Field(max_length=MAX_ITEMS), empty_if_none] = []


class OrderPage(BaseModel):
	"""One page of orders.

	:param pages: the number of pages, as ShipStation states it; it may be any number.
	:param unreadable_keys: the keys of orders that are not valid. They are left out; the others are kept.
	"""

	orders: Annotated[list[RemoteOrder], BOUNDED] = []
	pages: Count = 0
	unreadable_keys: Annotated[list[Key], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		if not isinstance(page, dict):
			return page
		orders, refused = _one_by_one(RemoteOrder, _entries(page, "orders"))
		keys = [entry.get("orderKey") for entry in refused if isinstance(entry, dict)]
		return {
			"pages": page.get("pages") or 0,
			"orders": orders,
			"unreadable_keys": [key for key in keys if _is_key(key)],
		}


@dataclass(frozen=True)
class FoundOrders:
	"""What a search for orders found.

	:param orders: by `orderKey`; without keys that ShipStation does not have.
	:param unreadable: the keys of orders that ShipStation has, but that are not valid.
	"""

	orders: dict[str, RemoteOrder]
	unreadable: set[str]


def from_pacific(value) -> object:
	"""Converts a time from ShipStation.

	:param value: Pacific time without a zone, with up to seven digits of a second.
	:returns: the aware time; None for an empty value; any other type unchanged.
	:raises ValueError: the text is not a time.
	"""
	if not isinstance(value, str) or not value:
		return value or None
	moment = datetime.fromisoformat(value[:26])
	return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)


def to_pacific(moment: datetime) -> str:
	"""Converts an aware time to a parameter for ShipStation."""
	return moment.astimezone(PACIFIC).strftime("%Y-%m-%dT%H:%M:%S")


def _pacific_moment(value: Any) -> Any:
	if value is not None and not (isinstance(value, str) and len(value) <= 40):
		raise ValueError("not a time")
	return from_pacific(value)


PacificMoment = Annotated[datetime, BOUNDED, AfterValidator(in_years)]


class ShipmentItem(BaseModel):
	"""What is in a parcel.

	:param lineItemKey: the name of the Sales Order's row, as MedGrid sent it.
	:param quantity: in the stock UOM; None if it cannot be read.
	"""

	lineItemKey: Annotated[Key | None, none_if_invalid] = None
	quantity: Annotated[Quantity | None, none_if_invalid] = None


class Shipment(BaseModel):
	"""A label. Until it has a tracking number, MedGrid ignores it.

	A label is invalid if its tracking number is not one: half a number would track nothing. It can do without
	the rest; see `lacks`.

	:param orderNumber: a split or merged order keeps its number under another ID.
	:param shipmentItems: what is in the parcel; None: ShipStation does not say.
	"""

	shipmentId: NumericId
	orderId: Annotated[NumericId | None, BeforeValidator(lambda value: value or None)] = None
	orderNumber: Annotated[Key | None, none_if_invalid] = None
	trackingNumber: Annotated[TrackingNumber | None, none_if_empty] = None
	carrierCode: Annotated[CarrierName | None, none_if_invalid, none_if_empty] = None
	serviceCode: Annotated[ServiceCode | None, none_if_invalid] = None
	shipDate: Annotated[
		Day | None,
		none_if_invalid,
		BeforeValidator(lambda value: value[:10] if isinstance(value, str) else value),
	] = None
	createDate: Annotated[PacificMoment | None, BeforeValidator(_pacific_moment), none_if_invalid] = None
	voided: bool | None = False
	isReturnLabel: bool | None = False
	shipmentItems: Annotated[
		Annotated[list[ShipmentItem], Field(max_length=MAX_ITEMS)] | None, BOUNDED, none_if_invalid
	] = None

	def quantities(self) -> dict[str, int] | None:
		"""The quantities in the parcel by `lineItemKey`, in the stock UOM; None: nobody knows them."""
		known = [item for item in self.shipmentItems or [] if item.lineItemKey and item.quantity]
		if not known:
			return None
		found: dict[str, int] = {}
		for item in known:
			key = str(item.lineItemKey)
			found[key] = found.get(key, 0) + int(item.quantity or 0)
		return found

	def lacks(self, entry: Mapping[str, Any]) -> bool:
		"""Whether a value of the label cannot be read.

		:param entry: the label as ShipStation sent it.
		"""
		return any(entry.get(name) and getattr(self, name) is None for name in _CAN_DO_WITHOUT)


_CAN_DO_WITHOUT = ("carrierCode", "serviceCode", "shipDate", "createDate")


@dataclass(frozen=True)
class OrderShipments:
	"""The shipments of one order.

	:param unreadable: the number of shipments that are not valid; they are left out.
	:param incomplete: the number of shipments with a carrier, a service or a time that cannot be read.
	:param is_complete: False: ShipStation has more of them than MedGrid reads.
	"""

	shipments: list[Shipment]
	unreadable: int = 0
	incomplete: int = 0
	is_complete: bool = True


class ShipmentPage(BaseModel):
	"""One page of shipments.

	:param pages: the number of pages, as ShipStation states it; it may be any number.
	:param unreadable: the number of shipments that are not valid. They are left out; the others are kept.
	:param incomplete: see `OrderShipments`.
	"""

	shipments: Annotated[list[Shipment], BOUNDED] = []
	pages: Count = 0
	unreadable: Count = 0
	incomplete: Count = 0

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		if not isinstance(page, dict):
			return page
		entries = _entries(page, "shipments")
		if page.get("shipments") is None and page.get("total"):
			raise ValueError("the total is not zero, but the shipments are missing")
		shipments, refused = _one_by_one(Shipment, entries)
		sent = {str(entry.get("shipmentId")): entry for entry in entries if isinstance(entry, dict)}
		return {
			"pages": page.get("pages") or 0,
			"shipments": shipments,
			"unreadable": len(refused),
			"incomplete": sum(each.lacks(sent[each.shipmentId]) for each in shipments),
		}


class Store(BaseModel):
	"""A store in an account: orders come from it, or are put into it.

	:param marketplaceName: where it sells; "ShipStation": nowhere, the orders are put into it.
	:param active: False: the vendor has switched it off.
	"""

	storeId: NumericId
	storeName: Annotated[Word | None, none_if_invalid, none_if_empty] = None
	marketplaceName: Annotated[Word | None, none_if_invalid, none_if_empty] = None
	active: bool | None = True


class Stores(BaseModel):
	"""The response to `GET /stores`, as the field `stores`. Stores that are not valid are left out."""

	stores: Annotated[list[Store], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		return {"stores": _one_by_one(Store, _entries(page, "stores"))[0]} if isinstance(page, dict) else page


# The event of a webhook that says that labels were bought.
SHIP_NOTIFY = "SHIP_NOTIFY"


class CreatedWebhook(BaseModel):
	"""The response to `POST /webhooks/subscribe`."""

	id: NumericId


class WebhookSubscription(BaseModel):
	WebHookID: NumericId
	HookType: Annotated[Word | None, none_if_invalid] = None
	Url: Annotated[ForeignAddress | None, none_if_invalid] = None


class Webhooks(BaseModel):
	"""The response to `GET /webhooks`."""

	webhooks: Annotated[list[WebhookSubscription], Field(max_length=PAGE_SIZE), empty_if_none] = []


class ShipNotice(BaseModel):
	"""The body of the webhook SHIP_NOTIFY. It is not signed.

	:param resource_url: where the labels are listed.
	"""

	resource_url: ForeignAddress
	resource_type: Word


def _entries(page: dict[str, Any], name: str) -> list[Any]:
	"""The entries of a page.

	:raises ValueError: it has something else in their place.
	"""
	entries = page.get(name)
	if entries is None:
		return []
	if not isinstance(entries, list):
		raise ValueError(f"{name} is not a list")
	return entries


def _one_by_one(model: type[Model], entries: list[Any]) -> tuple[list[Model], list[Any]]:
	"""Reads the entries of a page, so that one that is not valid does not make the others fail.

	:returns: the valid ones, and the others; those beyond PAGE_SIZE count as not valid.
	"""
	read: list[Model] = []
	refused = entries[PAGE_SIZE:]
	for entry in entries[:PAGE_SIZE]:
		try:
			read.append(model.model_validate(entry))
		except ValidationError:
			refused.append(entry)
	return read, refused


def _is_key(value: Any) -> bool:
	return isinstance(value, str) and plain_text(value, MAX_LENGTH) == value
