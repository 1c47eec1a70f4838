"""Reads a Sales Order and builds the payload for a vendor's ShipStation, or says why it cannot be sent."""

from collections.abc import Collection

from frappe import _

from medgrid.clients.shipstation.models import OrderPayload
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.shipstation.payload import NothingToSend, payload_for
from medgrid.orders import reader
from medgrid.orders.problems import OrderProblem
from medgrid.orders.sentences import what_is_wrong
from medgrid.services.support import us


def prepare(document, supplier: str, taken: Collection[str]) -> OrderPayload:
	"""Builds the payload with a vendor's lines of a Sales Order.

	:param document: a Sales Order document.
	:param taken: names of rows that were sent to other Suppliers or to Exoceuticals.
	:raises NothingToSend: no open line is this vendor's.
	:raises RequestRejected: the order cannot be sent as it is; the message is for the vendor.
	"""
	order = reader.read(document, ships_to_customer_address=True)
	try:
		return payload_for(order, supplier, taken)
	except NothingToSend:
		raise
	except OrderProblem as problem:
		sentence = what_is_wrong(problem, "ShipStation")
	raise RequestRejected(_("{0} Ask {1} to correct it.").format(sentence, us()))
