"""What all shippers of an order get together is what was ordered: each piece once, and all of the money."""

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from medgrid.exoceuticals.orders.lines import select
from medgrid.exoceuticals.orders.payload import order_variables
from medgrid.integrations.shipstation.payload import payload_for
from medgrid.orders.lines import OrderLine, open_lines
from medgrid.orders.money import decimal_places, rounded
from medgrid.orders.sales_order import SalesOrder
from tests.unit.orders.factories import CURRENCIES, line, order

VENDORS = ("Vendor", "Other", "Third")
STORE = "Exoceuticals"
VARIANTS = {STORE: "gid://shopify/ProductVariant/1"}


@st.composite
def lines(draw, currency: str, shippers: tuple) -> OrderLine:
	"""A row of up to 999 cases, part of it delivered."""
	shipper, factor = draw(st.sampled_from(shippers)), draw(st.sampled_from([1, 12, 20]))
	ordered = factor * draw(st.integers(1, 999))
	amount = draw(st.decimals(min_value=0, max_value=50_000, places=decimal_places(currency)))
	return line(
		f"row-{draw(st.uuids())}",
		item=STORE if shipper == STORE else "VD3",
		shipper=None if shipper == STORE else shipper,
		ordered=ordered,
		quantity=ordered - draw(st.one_of(st.just(0), st.integers(0, ordered))),
		factor=Decimal(factor),
		amount=amount,
		uom="Case" if factor > 1 else "Nos",
	)


@st.composite
def orders(draw, shippers: tuple) -> SalesOrder:
	"""An order in any currency, with discounts of the house among its rows, and a total of its own."""
	currency = draw(st.sampled_from(CURRENCIES))
	places = decimal_places(currency)
	rows = draw(st.lists(lines(currency, shippers), min_size=1, max_size=10))
	discounts = draw(st.lists(st.decimals(min_value=-50_000, max_value=0, places=places), max_size=2))
	house = [
		line(f"house-{number}", item="DISCOUNT", shipper=None, quantity=1, unit_price=amount)
		for number, amount in enumerate(discounts)
	]
	total = draw(st.decimals(min_value=0, max_value=1_000_000, places=places))
	return order(*draw(st.permutations([*rows, *house])), currency=currency, total=total)


def open_quantities(made: SalesOrder, *, of_store: bool) -> dict[str, Decimal]:
	rows = open_lines(made.lines)
	return {
		row.row: row.quantity for row in rows if (row.item == STORE) == of_store and row.item != "DISCOUNT"
	}


@given(orders((*VENDORS, STORE)))
def test_every_piece_goes_to_one_shipper(made):
	payloads = [
		payload_for(made, vendor, ())
		for vendor in VENDORS
		if open_lines(row for row in made.lines if row.shipper == vendor)
	]
	sent = Counter[str]()
	for payload in payloads:
		sent.update({item.lineItemKey: item.quantity for item in payload.items})
	assert sent == open_quantities(made, of_store=False)
	of_store = open_quantities(made, of_store=True)
	if of_store:
		selection = select(made.lines, VARIANTS, None)
		assert {row.row for row in selection.lines} == of_store.keys()
		items = order_variables(made, selection, "tag").order.lineItems
		assert sum(item.quantity for item in items) == sum(of_store.values())


@given(orders(VENDORS))
def test_the_vendors_amounts_are_between_zero_and_the_total_and_add_up_to_it(made):
	vendors = {row.shipper for row in made.lines if row.shipper}
	paid = [amount for vendor in vendors if (amount := _amount_paid(made, vendor)) is not None]
	assert all(0 <= amount <= made.total for amount in paid)
	assert sum(paid) <= made.total
	# If no row has a price, the rows of the house bear a part of the freight, too.
	if len(paid) == len(vendors) and any(row.net_amount > 0 for row in made.lines):
		assert sum(paid) == made.total


def _amount_paid(made: SalesOrder, vendor: str | None) -> Decimal | None:
	"""None: nothing of this vendor is open."""
	if not open_lines(row for row in made.lines if row.shipper == vendor):
		return None
	return payload_for(made, str(vendor), ()).amountPaid


@given(orders((STORE,)))
def test_the_store_gets_the_amount_of_each_row_to_the_smallest_unit(made):
	rows = [row for row in open_lines(made.lines) if row.item == STORE]
	if not rows:
		return
	places = decimal_places(made.currency)
	items = order_variables(made, select(made.lines, VARIANTS, None), "tag").order.lineItems
	paid = sum(item.quantity * item.priceSet.shopMoney.amount for item in items)
	assert paid == sum(rounded(row.amount * row.quantity / row.ordered, places) for row in rows)
	prices = [item.priceSet.shopMoney.amount for item in items]
	assert all(price >= 0 and price == rounded(price, places) for price in prices)


@given(orders(VENDORS))
def test_shipstation_gets_one_item_for_each_row_with_a_price_to_the_smallest_unit(made):
	places = decimal_places(made.currency)
	by_name = {row.row: row for row in made.lines}
	for vendor in VENDORS:
		if not open_lines(row for row in made.lines if row.shipper == vendor):
			continue
		items = payload_for(made, vendor, ()).items
		assert len({item.lineItemKey for item in items}) == len(items)
		for item in items:
			row = by_name[item.lineItemKey]
			assert item.unitPrice == rounded(row.amount / row.ordered, places)
