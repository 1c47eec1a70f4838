"""The labels that a vendor bought at ShipStation, with ShipStation's field names. Pure.

Unknown fields are ignored. Contract: "How Tracking Pull Works".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from medgrid.clients.shipstation.limits import MAX_ITEMS, PAGE_SIZE
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
	in_years,
	none_if_empty,
	none_if_invalid,
)
from medgrid.http_client.partial_reading import entries_of, read_each

# ShipStation's dates and times are in Pacific time, in responses and in parameters.
PACIFIC = ZoneInfo("America/Los_Angeles")


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
		entries = entries_of(page, "shipments")
		if page.get("shipments") is None and page.get("total"):
			raise ValueError("the total is not zero, but the shipments are missing")
		shipments, refused = read_each(Shipment, entries, PAGE_SIZE)
		return {
			"pages": page.get("pages") or 0,
			"shipments": list(shipments.values()),
			"unreadable": len(refused),
			"incomplete": sum(each.lacks(entries[place]) for place, each in shipments.items()),
		}
