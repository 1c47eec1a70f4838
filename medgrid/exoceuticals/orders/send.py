"""Sending a Sales Order to the Exoceuticals store, exactly once. Contract: "sync_to_exoceuticals".

Data flow: prerequisites → lines → payload → claim → orderCreate → record; an earlier attempt in doubt is
looked up at Shopify before anything is created.
"""

from dataclasses import dataclass, field

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient, parsed
from medgrid.clients.shopify.errors import OutcomeUnknown
from medgrid.clients.shopify.models import OrderCreateVariables, OrderSummaries, OrderSummary
from medgrid.exceptions import Conflict, RuleViolated
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment.status import CANCELLED, order_status
from medgrid.exoceuticals.orders import claims
from medgrid.exoceuticals.orders.claims import Claim, UnresolvedAttempt
from medgrid.exoceuticals.orders.preparation import prepare
from medgrid.http_client.errors import IntegrationError, RequestRejected, UnexpectedResponse
from medgrid.orders.amendments import originals
from medgrid.orders.sales_order import STOPPED

# Shorter than claims.ATTEMPT_SECONDS, by one read that begins at the last moment.
CALL_SECONDS = 25
# See queries/order_by_source.graphql.
SEARCH_COST, CREATE_COST = 20, 10


@dataclass(frozen=True)
class Sent:
	"""
	:param left_out: the Items that did not go, because Exoceuticals does not sell them.
	"""

	order_id: str
	order_name: str
	left_out: list[str] = field(default_factory=list)


def send(order, rows: list[str] | None) -> Sent:
	"""
	:param order: a Sales Order document.
	:param rows: names of its rows; None: all that Exoceuticals sells.
	:raises RuleViolated: it cannot be sent as it is; the message says why (417).
	:raises IntegrationError: Shopify rejects it, or cannot be asked; it was certainly not made.
	:raises Conflict: it was sent already, or an earlier attempt is in doubt (409).
	:raises InvalidInput: a row that is not the order's (400).
	"""
	_check(order)
	store = settings.load()
	prepared = prepare(order, rows, store.order_tag)
	_check_originals(order)
	client = store_client(store, seconds=CALL_SECONDS)
	try:
		summary = _send_once(client, order.name, prepared.variables)
	finally:
		client.close()
	return Sent(summary.id, summary.name, prepared.left_out)


@dataclass
class Resolution:
	"""What became of attempts in doubt.

	:param orders_found: they had made an order, which is recorded now.
	:param attempts_dropped: they had made none; the Sales Order can be sent again.
	"""

	orders_found: int = 0
	attempts_dropped: int = 0


def resolve_attempts(client: ShopifyClient, counts: Resolution) -> None:
	"""Finds out what became of attempts that ended without a record: those that made an order are recorded,
	the others can be sent again.

	:param counts: to count in; what was done before a failure is in it, too.
	:raises IntegrationError: Shopify cannot be asked.
	"""
	for doubt in claims.resolvable():
		try:
			if summary := _find(client, doubt.sales_order):
				_record(doubt.sales_order, summary)
				counts.orders_found += 1
			else:
				claims.drop(doubt)
				counts.attempts_dropped += 1
		except (RequestRejected, UnexpectedResponse, Conflict) as error:
			# One that makes no sense does not keep the others from being settled.
			frappe.db.rollback()
			frappe.logger("medgrid").warning(f"Exoceuticals: {doubt.sales_order} stays in doubt: {error}")


def _check(order) -> None:
	if order.docstatus == 2:
		raise RuleViolated(_("{0} is cancelled. Amend it, and send the new order.").format(order.name))
	if order.docstatus != 1:
		raise RuleViolated(_("{0} must be submitted before it can be sent.").format(order.name))
	if order.exoceuticals_order_id:
		raise claims.already_sent(order.name, order.exoceuticals_order_name or order.exoceuticals_order_id)
	if order.status in STOPPED:
		sentence = _("{0} is {1}. Open it again, then send it.")
		raise RuleViolated(sentence.format(order.name, _(order.status)))


def _check_originals(order) -> None:
	"""An amended order goes out only when Exoceuticals does not ship the original any more."""
	fields = ["exoceuticals_order_id", "exoceuticals_order_name", "exoceuticals_status", claims.CLAIM]
	for original in originals(order.name):
		row = frappe.db.get_value("Sales Order", original, fields, as_dict=True)
		if row[claims.CLAIM]:
			# The reconciliation settles it, and then it is clear what is to be cancelled.
			raise claims.being_sent(original)
		if row.exoceuticals_order_id and row.exoceuticals_status != CANCELLED:
			raise RuleViolated(
				_(
					"{0} amends {1}, which Exoceuticals has as {2}. Cancel that order in Shopify, refresh the"
					" status of {1}, then send this one."
				).format(order.name, original, row.exoceuticals_order_name)
			)


def _send_once(client: ShopifyClient, name: str, variables: OrderCreateVariables) -> OrderSummary:
	claim = claims.begin(name)
	if isinstance(claim, UnresolvedAttempt):
		# Before the search: what it did not find then counts.
		is_settled = claim.search_is_conclusive()
		if found := _find(client, name):
			return _record(name, found)
		if not is_settled:
			raise claims.being_sent(name)
		claim = claims.take_over(claim)
	return _record(name, _create(client, claim, variables))


def _create(client: ShopifyClient, claim: Claim, variables: OrderCreateVariables) -> OrderSummary:
	"""Only an answer that says that nothing was made releases the claim: what is not understood leaves it in
	doubt, and so does a crash."""
	try:
		content = variables.model_dump(mode="json", exclude_none=True)
		result = client.mutate("order_create", content, cost=CREATE_COST)
		return parsed(OrderSummary, result.get("order"))
	except (OutcomeUnknown, UnexpectedResponse):
		claims.doubt(claim)
		raise claims.being_sent(claim.sales_order) from None
	except IntegrationError:
		claims.release(claim)
		raise


def _find(client: ShopifyClient, name: str) -> OrderSummary | None:
	"""The order that an earlier attempt made. Shopify's search ignores case: names are compared exactly."""
	quoted = name.replace("\\", "\\\\").replace("'", "\\'")
	data = client.execute("order_by_source", {"query": f"source_identifier:'{quoted}'"}, cost=SEARCH_COST)
	found = parsed(OrderSummaries, data.get("orders")).nodes
	return next((order for order in found if order.sourceIdentifier == name), None)


def _record(name: str, summary: OrderSummary) -> OrderSummary:
	status = order_status(summary.displayFulfillmentStatus, cancelled=bool(summary.cancelledAt))
	claims.record(name, summary.id, summary.name, status)
	return summary
