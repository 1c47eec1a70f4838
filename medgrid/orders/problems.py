"""The reasons why an order cannot be sent as it is. They carry facts and no sentences, so that the code that
raises them does not need Frappe. Pure.

`medgrid.orders.sentences` describes them to people.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from medgrid.exceptions import MedgridError


class Part(str, Enum):
	"""A part of an address that may be missing."""

	STREET = "street"
	CITY = "city"
	STATE = "state"
	POSTAL_CODE = "postal code"
	COUNTRY = "country"


class OrderProblem(MedgridError):
	"""An order cannot be sent as it is: the Sales Order, or a master record that it refers to, must be
	corrected."""

	def __str__(self) -> str:
		return repr(self)


@dataclass(eq=False)
class NoShippingAddress(OrderProblem):
	"""The order has no shipping address."""

	order: str


@dataclass(eq=False)
class AddressGone(OrderProblem):
	"""The order's shipping address was deleted.

	:param address: the name of the deleted Address.
	"""

	address: str


@dataclass(eq=False)
class AddressIncomplete(OrderProblem):
	"""The address lacks parts that a parcel needs."""

	address: str
	missing: tuple[Part, ...]


@dataclass(eq=False)
class CountryWithoutCode(OrderProblem):
	"""The Country has no ISO code, or there is no such Country."""

	address: str
	country: str


@dataclass(eq=False)
class FractionalQuantity(OrderProblem):
	"""The open quantity of a row is not a whole number.

	:param row: the row's number in the order, from 1.
	:param quantity: the quantity that is not delivered yet, in the stock UOM.
	"""

	row: int
	item: str
	quantity: Decimal
	uom: str


@dataclass(eq=False)
class NegativeAmount(OrderProblem):
	"""The amount of a row is less than zero.

	:param row: the row's number in the order, from 1.
	"""

	row: int
	item: str


@dataclass(eq=False)
class DoesNotFit(OrderProblem):
	"""A value does not satisfy the rules of the other system's field.

	:param field: the other system's name of the field.
	:param reason: pydantic's message, in English.
	"""

	field: str
	reason: str
