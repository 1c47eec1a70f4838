"""What is kept of an order that was sent to Exoceuticals, to compare the Sales Order with."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from medgrid.exoceuticals.orders.payload import content_for
from medgrid.orders.content import (
	Content,
	OtherwiseChanged,
	Readdressed,
	Removed,
	Requantified,
	differences,
	from_json,
	taken_over,
)
from tests.unit.orders.factories import CURRENCIES, address, line, order

quantities = st.integers(1, 50).map(Decimal)
prices = st.decimals("0.01", "999", places=2)
orders = st.builds(
	lambda rows, currency: order(
		*(line(f"r{n}", item=f"ITEM-{n}", quantity=q, unit_price=p) for n, (q, p) in enumerate(rows)),
		currency=currency,
	),
	st.lists(st.tuples(quantities, prices), min_size=1, max_size=5),
	st.sampled_from(CURRENCIES),
)


def stored(content: Content) -> Content:
	"""A content as a record gives it back."""
	read = from_json(content.as_json())
	assert read
	return read


@given(orders, st.data())
def test_a_delivery_is_no_difference(made, data):
	delivered = tuple(
		replace(each, quantity=data.draw(st.integers(0, int(each.ordered)).map(Decimal)))
		for each in made.lines
	)
	sent = stored(content_for(made, made.lines))
	now = content_for(replace(made, lines=delivered), delivered)
	assert differences(sent, now) == []


@given(orders, st.data())
def test_every_change_is_a_difference_and_taking_it_back_is_none(made, data):
	sent = stored(content_for(made, made.lines))
	place = data.draw(st.integers(0, len(made.lines) - 1))
	row = made.lines[place]
	more = replace(row, ordered=row.ordered + 1, quantity=row.quantity + 1, amount=row.amount * 2)
	changed = {
		Requantified: replace(made, lines=(*made.lines[:place], more, *made.lines[place + 1 :])),
		Removed: replace(made, lines=(*made.lines[:place], *made.lines[place + 1 :])),
		Readdressed: replace(made, shipping=address(city="Springfield")),
		OtherwiseChanged: replace(made, email="other@example.com"),
	}
	for kind, now in changed.items():
		found = differences(sent, content_for(now, now.lines))
		assert [type(each) for each in found] == [kind]
	assert differences(sent, content_for(made, made.lines)) == []


def test_a_price_or_the_customers_address_is_a_difference():
	made = order(line("a"))
	sent = content_for(made, made.lines)
	dearer = replace(made, lines=(line("a", unit_price="30"),))
	billed = replace(made, billing=address(street="9 Pier"))
	for now in (dearer, billed):
		assert differences(sent, content_for(now, now.lines)) == [OtherwiseChanged()]


def test_an_amended_order_that_says_the_same_is_no_difference():
	made = order(line("a"), line("b", item="MASKS", unit_price="3"))
	sent = taken_over(content_for(made, made.lines), {"a": "a-1", "b": "b-1"})
	amended = order(line("a-1"), line("b-1", item="MASKS", unit_price="3"), name="SAL-1-1")
	assert differences(sent, content_for(amended, amended.lines)) == []
