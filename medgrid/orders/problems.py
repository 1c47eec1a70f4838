"""Why an order cannot be sent as it is: facts, without sentences, so that whoever decides needs no Frappe.

`medgrid.orders.sentences` puts them into words where people read them.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from medgrid.exceptions import MedgridError


class Part(str, Enum):
	"""What an address may lack."""

	STREET = "street"
	CITY = "city"
	STATE = "state"
	POSTAL_CODE = "postal code"
	COUNTRY = "country"


class OrderProblem(MedgridError):
	"""An order cannot be sent as it is: somebody must correct the Sales Order, or a master that it names."""

	def __str__(self) -> str:
		return repr(self)


@dataclass(eq=False)
class NoShippingAddress(OrderProblem):
	order: str


@dataclass(eq=False)
class AddressGone(OrderProblem):
	"""
	:param address: the name of an Address that was deleted.
	"""

	address: str


@dataclass(eq=False)
class AddressIncomplete(OrderProblem):
	address: str
	missing: tuple[Part, ...]


@dataclass(eq=False)
class CountryWithoutCode(OrderProblem):
	"""The Country has no ISO code, or there is no such Country."""

	address: str
	country: str


@dataclass(eq=False)
class FractionalQuantity(OrderProblem):
	"""
	:param row: its number in the order, from 1.
	:param quantity: still open, in the stock UOM.
	"""

	row: int
	item: str
	quantity: Decimal
	uom: str


@dataclass(eq=False)
class DoesNotFit(OrderProblem):
	"""
	:param field: the other side's name for it.
	:param reason: pydantic's, in English.
	"""

	field: str
	reason: str
