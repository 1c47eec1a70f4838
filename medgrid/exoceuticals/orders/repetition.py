"""Sends a Sales Order again if an attempt certainly created nothing: it goes to the store as soon as that is
possible, and nobody has to remember it.

Before an order is created again, MedGrid searches Shopify for it: orderCreate has no idempotency key.
"""

from functools import partial

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Busy, Conflict, MedgridError
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.orders import order_records, send
from medgrid.exoceuticals.orders.changes.takeover import take_over
from medgrid.exoceuticals.orders.destination import OriginalSent, SecondOrder, StoreOrders
from medgrid.exoceuticals.orders.not_sent import is_paused, note_store_failure, settle_not_sent
from medgrid.exoceuticals.orders.other_shippers import NothingToSend
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.outbox import attempts, due_documents
from medgrid.outbox.delivery import deliver
from medgrid.outbox.destinations import Reason
from medgrid.outbox.failures import FailuresInARow
from medgrid.outbox.states import WhoActs
from medgrid.services.failure_texts import failure_text

# So many orders are sent in one job.
MOST = 50


def is_due() -> bool:
	"""Whether there is an attempt to look up or an order to send again now."""
	if is_paused():
		return False
	return bool(order_records.due_attempts() or order_records.due_orders(1))


def send_due(client: ShopifyClient) -> None:
	"""Looks up the attempts whose outcome is unknown, and sends the orders that are due. Commits each."""
	in_a_row = FailuresInARow()
	try:
		send.look_up_each(client, order_records.due_attempts(), send.Resolution(), in_a_row)
		for sales_order in order_records.due_orders(MOST):
			_send_again(client, sales_order, in_a_row)
	except DeadlineExceeded:
		# The next tick goes on.
		return
	except IntegrationError as error:
		reason = StoreOrders(settings.load(), lambda: client).reason_of(error)
		in_transaction(partial(note_store_failure, reason))


def _send_again(client: ShopifyClient, sales_order: str, in_a_row: FailuresInARow) -> None:
	"""
	:raises IntegrationError: the failure concerns all orders.
	"""
	rows = order_records.asked_rows(sales_order)
	destination = StoreOrders(settings.load(), lambda: client, rows)
	try:
		found = destination.find(sales_order)
	except IntegrationError as error:
		in_a_row.note(error)
		attempts.postpone(destination, sales_order, destination.reason_of(error))
		return
	try:
		if found:
			attempts.record_sent(destination, sales_order, found)
		else:
			deliver(destination, sales_order)
	except IntegrationError as error:
		# The record has it already.
		in_a_row.note(error)
	except SecondOrder as error:
		in_transaction(partial(send.open_second_order, error))
		attempts.postpone(destination, sales_order, Reason(str(error), WhoActs.ADMINISTRATOR))
	except OriginalSent:
		take_over(sales_order)
	except NothingToSend:
		due_documents.note_not_ours(destination, sales_order)
		in_transaction(partial(settle_not_sent, sales_order))
	except (Busy, Conflict):
		# Somebody changes or sends it at this moment, or its original is being sent.
		return
	except MedgridError as error:
		attempts.postpone(destination, sales_order, Reason(failure_text(error), WhoActs.WHOLESALER))
	else:
		in_a_row.note_answer()
