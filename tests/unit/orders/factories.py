"""Sales Orders as the reader makes them, without a site."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from medgrid.orders.address import PostalAddress, postal_address
from medgrid.orders.lines import OrderLine
from medgrid.orders.sales_order import SalesOrder

ADDRESS = {
	"name": "Clinic-Shipping",
	"recipient": "Clinic",
	"company": "Clinic",
	"street": "1420 N Lake Shore Dr",
	"street2": "Suite 5",
	"city": "Chicago",
	"state": "Illinois",
	"postal_code": "60610",
	"country": "United States",
	"country_code": "us",
	"phones": ("+1 312 555 0142",),
}


# With 2, 0 and 3 decimal places.
CURRENCIES = ("USD", "JPY", "KWD")


def address(**changes) -> PostalAddress:
	return postal_address(**{**ADDRESS, **changes})


def line(row: str = "row-1", **changes) -> OrderLine:
	"""Two pieces at 28.50, of half a pound each, shipped by "Vendor"; none is delivered, unless `ordered` is
	more than `quantity`."""
	quantity, price = Decimal(changes.pop("quantity", 2)), Decimal(changes.pop("unit_price", "28.50"))
	ordered = Decimal(changes.pop("ordered", quantity))
	amount = Decimal(changes.pop("amount", ordered * price))
	values = {
		"row": row,
		"number": 1,
		"item": "VD3",
		"item_name": "Vitamin D3",
		"ordered": ordered,
		"quantity": quantity,
		"amount": amount,
		"net_amount": amount,
		"open_in_uom": quantity,
		"uom": "Nos",
		"stock_uom": "Nos",
		"weight": Decimal("0.5"),
		"weight_uom": "Pound",
		"shipper": "Vendor",
	}
	return OrderLine(**{**values, **changes})


def order(*lines: OrderLine, **changes) -> SalesOrder:
	"""An order to Chicago whose total is its lines', unless said otherwise."""
	rows = tuple(replace(one, number=number) for number, one in enumerate(lines or (line(),), 1))
	values = {
		"name": "SAL-1",
		"date": date(2026, 6, 18),
		"currency": "USD",
		"total": sum((row.net_amount for row in rows), Decimal()),
		"customer": "Clinic",
		"lines": rows,
		"email": "buyer@example.com",
		"phones": ("(312) 555-0199",),
		"shipping_address": ADDRESS["name"],
		"shipping": address(),
		"billing": address(name="Clinic-Billing", street="1 Main St"),
	}
	return SalesOrder(**{**values, **changes})
