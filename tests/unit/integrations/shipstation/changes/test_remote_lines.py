"""What an order in ShipStation consists of."""

from types import SimpleNamespace

import pytest

from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.integrations.shipstation.changes.remote_lines import has_other_lines, lines_of, possible_rows
from medgrid.orders.content import Content, Row


def remote(*keys: str | None) -> RemoteOrder:
	return RemoteOrder.model_validate({"orderId": 7, "items": [{"lineItemKey": key} for key in keys]})


def content(*rows: str) -> str:
	return Content({row: Row(1, "GLOVES", "1") for row in rows}, {}, sent_rows=rows).as_json()


def test_the_lines_are_those_of_its_items():
	assert lines_of(remote("a", "b", None)) == {"a", "b", None}
	assert lines_of(RemoteOrder.model_validate({"orderId": 7, "items": None})) == set()


@pytest.mark.parametrize(
	("order", "lines", "expected"),
	[
		(None, ["a"], False),
		(remote("a"), ["a"], False),
		(remote("a"), ["a", "b"], False),
		(remote("a", "b"), ["a"], True),
		(remote("a", None), ["a"], True),
		(remote(), ["a"], True),
		(remote("a"), [], True),
	],
)
def test_an_order_with_another_line_or_none_is_not_ours(order, lines, expected):
	assert has_other_lines(order, lines) is expected


@pytest.mark.parametrize(
	("lines", "sent", "resending", "expected"),
	[
		('["a", "b"]', None, None, [{"a", "b"}]),
		(None, None, None, [set()]),
		('["a", "b"]', content("a"), None, [{"a"}]),
		('["a", "b"]', content("a"), content("a", "c"), [{"a"}, {"a", "c"}]),
		('["a"]', None, content("c"), [{"a"}, {"c"}]),
	],
)
def test_it_may_consist_of_what_was_sent_or_was_being_sent(lines, sent, resending, expected):
	record = SimpleNamespace(lines=lines, sent_content=sent, resending_content=resending)
	assert possible_rows(record) == expected
