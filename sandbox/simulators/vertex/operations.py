"""What is in Vertex' journal, and what Vertex does on a bad day."""

from typing import Any

from sandbox.simulators.operations.misbehaviour import be_down, be_slow, recover, reject_keys
from sandbox.simulators.operations.operation import operations


def journal(control: Any) -> list[dict[str, str]]:
	"""The taxes that are booked."""
	return [
		{
			"document": str(booking["documentNumber"]),
			"transaction": str(booking["id"]),
			"kind": booking["kind"],
			"date": str(booking["documentDate"]),
			"total tax": f"{booking['totalTax']:.2f}",
			"state": "deleted" if booking["deleted"] else "reversed" if booking["reversed"] else "booked",
		}
		for booking in control.journal()
	]


OPERATIONS = operations(journal, be_slow, be_down, reject_keys, recover)
