"""What the record of a vendor's order says about where the order is."""

from types import SimpleNamespace

import pytest

from medgrid.integrations.shipstation.presence import is_over, may_have, may_ship

ACKNOWLEDGED = "2026-11-28 09:00:00"


def row(status, order_id=None, claim=None, who_acts="Vendor", acknowledged_at=None):
	return SimpleNamespace(
		status=status,
		shipstation_order_id=order_id,
		claim=claim,
		who_acts=who_acts,
		acknowledged_at=acknowledged_at,
	)


@pytest.mark.parametrize(
	("record", "has", "ships", "over"),
	[
		(row("Waiting"), False, False, False),
		(row("Not Ours"), False, False, False),
		(row("Failed"), False, False, False),
		(row("Failed", claim="token"), True, True, False),
		(row("Sending"), True, True, False),
		(row("Outcome Unknown"), True, True, False),
		(row("Sent", "1"), True, True, False),
		(row("Shipped", "1"), True, True, False),
		(row("Shipped", "1", who_acts="Nobody"), True, True, False),
		(row("Cancelled"), False, False, False),
		(row("Cancelled", "1"), True, False, False),
		(row("Cancelled", "1", who_acts="Nobody"), True, False, True),
		(row("Cancelled", "1", acknowledged_at=ACKNOWLEDGED), True, False, True),
	],
	ids=lambda value: " ".join(map(str, vars(value).values())) if isinstance(value, SimpleNamespace) else "",
)
def test_where_the_order_is(record, has, ships, over):
	assert (bool(may_have(record)), bool(may_ship(record)), is_over(record)) == (has, ships, over)
