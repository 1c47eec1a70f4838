"""What `createorder` accepts: required fields, lengths and types, reported the way ASP.NET does.

Unknown fields are ignored, as ShipStation does. Numbers may come as strings and the other way round.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
	AfterValidator,
	BaseModel,
	BeforeValidator,
	ConfigDict,
	Field,
	PlainSerializer,
	StringConstraints,
	ValidationError,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError

from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.errors import InvalidRequest


def _not_blank(text: str) -> str:
	if not text.strip():
		raise PydanticCustomError("blank", "blank")
	return text


RequiredText = Annotated[str, AfterValidator(_not_blank)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$")]
Moment = Annotated[datetime, BeforeValidator(clock.parse), PlainSerializer(clock.as_text)]
# The published model requires the country alone; these are the countries that the tests send to.
WITH_STATES = ("US", "CA", "AU")
WITHOUT_POSTAL_CODE = ("AE", "HK", "IE", "PA", "QA")
OrderStatus = Literal["awaiting_payment", "awaiting_shipment", "shipped", "on_hold", "cancelled"]


class Model(BaseModel):
	model_config = ConfigDict(alias_generator=to_camel, coerce_numbers_to_str=True, allow_inf_nan=False)


class Weight(Model):
	value: Annotated[float, Field(ge=0)]
	units: Literal["pounds", "ounces", "grams"]


class Address(Model):
	name: RequiredText
	company: str | None = None
	street1: str | None = None
	street2: str | None = None
	street3: str | None = None
	city: str | None = None
	state: str | None = None
	postal_code: str | None = None
	country: Country | None = None
	phone: str | None = None
	residential: bool | None = None
	address_verified: str | None = None


class ShipTo(Address):
	street1: RequiredText
	city: RequiredText
	country: Country

	def missing(self) -> list[str]:
		"""What carriers need in this country and is not there: a state or a postal code."""
		state = self.country not in WITH_STATES or (self.state or "").strip()
		postal_code = self.country in WITHOUT_POSTAL_CODE or (self.postal_code or "").strip()
		return [name for name, value in (("state", state), ("postalCode", postal_code)) if not value]


class Item(Model):
	line_item_key: str | None = None
	sku: str | None = None
	name: str | None = None
	image_url: str | None = None
	weight: Weight | None = None
	quantity: Annotated[int, Field(ge=0)]
	unit_price: float
	tax_amount: float | None = None
	shipping_amount: float | None = None
	warehouse_location: str | None = None
	options: list[dict[str, Any]] | None = None
	product_id: int | None = None
	fulfillment_sku: str | None = None
	adjustment: bool = False
	upc: str | None = None


class ApiOrder(Model):
	order_number: Annotated[RequiredText, Field(max_length=50)]
	order_key: str | None = None
	order_date: Moment
	payment_date: Moment | None = None
	ship_by_date: Moment | None = None
	order_status: OrderStatus
	customer_username: str | None = None
	customer_email: str | None = None
	bill_to: Address
	ship_to: ShipTo
	items: list[Item] = []
	amount_paid: float = 0
	tax_amount: float = 0
	shipping_amount: float = 0
	customer_notes: str | None = None
	internal_notes: str | None = None
	gift: bool = False
	gift_message: str | None = None
	payment_method: str | None = None
	requested_shipping_service: str | None = None
	carrier_code: str | None = None
	service_code: str | None = None
	package_code: str | None = None
	confirmation: str | None = None
	ship_date: Moment | None = None
	weight: Weight | None = None
	dimensions: dict[str, Any] | None = None
	insurance_options: dict[str, Any] | None = None
	international_options: dict[str, Any] | None = None
	advanced_options: dict[str, Any] | None = None
	tag_ids: list[int] | None = None


def read_order(payload: Any, name: str = "apiOrder") -> ApiOrder:
	"""The order in a request body.

	:param name: what ModelState calls the body: `apiOrder`, or `apiOrders[3]` in a list.
	:raises InvalidRequest: with one entry in ModelState for each field at fault.
	"""
	try:
		order = ApiOrder.model_validate(payload)
	except ValidationError as error:
		state: dict[str, list[str]] = {}
		for detail in error.errors():
			state.setdefault(_path(name, detail["loc"]), []).append(_message(detail))
		raise InvalidRequest(state) from None
	if missing := order.ship_to.missing():
		raise InvalidRequest({f"{name}.shipTo.{field}": [_required(field)] for field in missing})
	return order


def _path(name: str, location: tuple) -> str:
	return name + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _required(field: str | int) -> str:
	return f"The {field} field is required."


def _message(detail: ErrorDetails) -> str:
	if detail["type"] in ("missing", "blank") or detail["input"] is None:
		field = detail["loc"][-1] if detail["loc"] else "apiOrder"
		return _required(field)
	return detail["msg"].removeprefix("Value error, ")
