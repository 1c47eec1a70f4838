"""Expressions of SQL for columns of many rows. In them, `seq` counts from 1 (the newest row) up to the number
of rows."""

import json
from dataclasses import dataclass

import frappe

VENDORS, RUNS_OF_ONE, FEW = 200, 50, 10
MARK = "growth"
SECONDS_OF_THREE_YEARS = 3 * 365 * 86_400
# Events of three months, however many there are.
SECONDS_OF_EVENTS = 8_000_000

# DocType -> its number of rows, and an expression for each column.
Tables = dict[str, tuple[int, dict[str, str]]]


@dataclass(frozen=True)
class Size:
	"""How many rows there are.

	:param orders: Sales Orders, and about as many ShipStation Orders, Delivery Notes, tax documents, issues.
	:param events: Integration Events.
	:param of_vendor: how many of the ShipStation Orders are of the one vendor who is looked at.
	:param connections: how many Vendor Connections there are.
	"""

	orders: int = 100_000
	events: int = 1_000_000
	of_vendor: int = 10_000
	connections: int = 1000


@dataclass(frozen=True)
class Scene:
	"""Whose rows they are.

	:param supplier: the vendor who is looked at, with a connection to ShipStation and one to Shopify.
	"""

	supplier: str
	user: str
	connection: str
	shopify: str
	account: str
	company: str
	customer: str
	address: str
	item: str
	shop: str


def ago(seconds: str, clock: str = "UTC_TIMESTAMP") -> str:
	return f"{clock}(6) - INTERVAL {seconds} SECOND"


def age_of(rows: int, clock: str = "UTC_TIMESTAMP") -> str:
	"""When a row was made, if all of them were made in three years."""
	return ago(f"seq * {SECONDS_OF_THREE_YEARS // rows or 1}", clock)


def text(value: str) -> str:
	return frappe.db.escape(value)


@dataclass(frozen=True)
class Expressions:
	"""What columns of several tables have in common.

	:param small: the Supplier with a FEW orders and products.
	"""

	scene: Scene
	size: Size
	small: str

	name = f"CONCAT('{MARK}-', seq)"
	is_open = "seq % 50 = 0"
	state = "IF(seq % 50 = 0, 'Waiting', IF(seq % 333 = 0, 'Failed', IF(seq % 77 = 0, 'Sent', 'Delivered')))"
	kinds = "ELT(1 + seq % 2, 'shipstation', 'shopify')"
	connection_of_run = f"CONCAT('{MARK}-c-', CEIL(seq / {RUNS_OF_ONE}))"

	@property
	def orders(self) -> int:
		return self.size.orders

	@property
	def age(self) -> str:
		return age_of(self.orders)

	@property
	def settled(self) -> str:
		return f"IF(seq % 50 = 0, NULL, {self.age})"

	@property
	def order(self) -> str:
		return f"CONCAT('{MARK}-', 1 + (seq - 1) % {self.orders})"

	@property
	def is_his(self) -> str:
		return f"seq <= {self.size.of_vendor}"

	@property
	def vendor(self) -> str:
		others = f"CONCAT('{MARK} vendor ', seq % {VENDORS})"
		few = f"IF(seq <= {self.size.of_vendor + FEW}, {text(self.small)}, {others})"
		return f"IF({self.is_his}, {text(self.scene.supplier)}, {few})"

	@property
	def other_connection(self) -> str:
		return f"CONCAT('{MARK}-c-', seq % {self.size.connections})"

	@property
	def lines(self) -> str:
		return text(json.dumps([f"{MARK}-line"]))

	@property
	def seconds_between_events(self) -> float:
		return SECONDS_OF_EVENTS / self.size.events
