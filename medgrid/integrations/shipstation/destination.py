"""ShipStation as a destination of the outbox: sends Sales Orders to one vendor's account."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.order_payload import AdvancedOptions, OrderPayload
from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.core.clock import stored_utc, utc_now
from medgrid.exceptions import Busy
from medgrid.http_client.errors import IntegrationError, InvalidRecord, RequestRejected
from medgrid.integrations.shipstation import order_records
from medgrid.integrations.shipstation.changes.cancelling import CancelledThere, cancel_there
from medgrid.integrations.shipstation.changes.originals import Original, original_of
from medgrid.integrations.shipstation.changes.remote_lines import has_other_lines, lines_of
from medgrid.integrations.shipstation.order_records import OUTBOX, OtherVendor, PushContext
from medgrid.integrations.shipstation.preparation import check_held, prepare
from medgrid.integrations.shipstation.reasons import (
	KeyTaken,
	NotDue,
	OriginalPending,
	OriginalShipped,
	cancellation_reason,
	is_not_made,
	reason_of_failure,
)
from medgrid.orders.content import Content
from medgrid.orders.sales_order import is_to_be_shipped
from medgrid.outbox.destinations import Outcome, Reason, Record
from medgrid.outbox.failures import is_of_document
from medgrid.outbox.modified import compared_until
from medgrid.outbox.rows import names_held_by_others
from medgrid.outbox.states import State
from medgrid.services.support import us

# The arguments of `is_to_be_shipped`.
SHIPPING_FIELDS = ("docstatus", "status", "per_delivered")


@dataclass(frozen=True)
class Push:
	"""One vendor's part of an order.

	:param content: what it says, to compare the Sales Order with later.
	:param others: the other vendors for whom rows of the order were sent or are being sent.
	:param original: an order that this one amends and that ShipStation has; None if there is none.
	"""

	payload: OrderPayload
	content: Content
	others: list[OtherVendor]
	original: Original | None


class ShipStationOrders:
	"""One vendor's ShipStation account.

	The key of a record is Sales Order and Supplier; the receipt is ShipStation's order id.
	"""

	outbox = OUTBOX

	def __init__(self, client: ShipStationClient, context: PushContext):
		self.client, self.context = client, context
		# What ShipStation has under the keys of the orders that are next.
		self._looked_up: dict[str, RemoteOrder | None] = {}

	def look_ahead(self, documents: Collection[str]) -> None:
		"""Looks up what ShipStation has under the keys of some orders that will be sent next, so that `check`
		needs no request for each of them.

		:raises IntegrationError: a failure that affects all orders.
		"""
		self._looked_up = {}
		try:
			found = self.client.find_orders(documents)
		except IntegrationError as error:
			if not is_of_document(error):
				raise
			# One of them cannot be searched for: each is looked up when its turn comes.
			return
		readable = set(documents) - found.unreadable
		self._looked_up = {document: found.orders.get(document) for document in readable}

	def key(self, document: str) -> dict[str, str]:
		return {"sales_order": document, "supplier": self.context.supplier}

	def prepare(self, document: Any) -> Push:
		"""Builds the vendor's part of an order; see `Destination.prepare`.

		:param document: a Sales Order document.
		:raises NothingToSend: no open line is this vendor's, or (NotDue) the order must not be shipped.
		:raises RequestRejected: the order cannot be sent as it is; the message says why.
		"""
		# Minutes may pass between reading the list of due orders and processing this order.
		if not is_to_be_shipped(**{name: document.get(name) for name in SHIPPING_FIELDS}):
			raise NotDue(document.name)
		supplier = self.context.supplier
		others = order_records.other_vendors_of(document.name, supplier)
		taken = {row for other in others for row in other.lines}
		taken |= names_held_by_others(OUTBOX.doctype, document)
		prepared = prepare(document, supplier, taken)
		check_held(document, supplier, prepared.content.sent_rows)
		original = original_of(document.name, supplier)
		if original and not original.order_id:
			raise OriginalPending(
				_(
					"The Sales Order amends {0}, and it is not known yet whether ShipStation has that order."
					" The next sync checks with ShipStation."
				).format(original.sales_order)
			)
		return Push(self._in_store(prepared.payload), prepared.content, others, original)

	def _in_store(self, payload: OrderPayload) -> OrderPayload:
		if not self.context.store_id:
			return payload
		options = AdvancedOptions(storeId=int(self.context.store_id))
		return payload.model_copy(update={"advancedOptions": options})

	def content(self, payload: Push) -> dict[str, Any]:
		return {
			"connection": self.context.connection,
			"account": self.context.account,
			"lines": json.dumps([item.lineItemKey for item in payload.payload.items]),
			"sent_content": payload.content.as_json(),
			"compared_at": compared_until(),
			"is_changed": 0,
		}

	def check(self, payload: Push) -> None:
		"""Checks that the order may be created in ShipStation; see `Destination.check`.

		:raises RequestRejected: another program's original is there, another account of the vendor has the
			original, or ShipStation has another vendor's lines under this key.
		"""
		self._check_original(payload.original)
		self._check_collision(payload)

	def _check_original(self, original: Original | None) -> None:
		"""Checks that the original of an amended order is not where this sync cannot cancel it.

		:raises RequestRejected: it is.
		"""
		if not original or not original.order_id:
			return
		if not original.is_recorded:
			self._check_unrecorded(original)
		elif self._is_at_another_account(original) and not original.is_over:
			# That account's sync cancels it there.
			raise RequestRejected(
				_(
					"The Sales Order amends {0}, which another account of yours has in ShipStation. MedGrid"
					" cancels it there first; then the next sync sends this one."
				).format(original.sales_order)
			)

	def _is_at_another_account(self, original: Original) -> bool:
		return original.connection not in (None, self.context.connection)

	def make_way(self, payload: Push) -> None:
		"""Cancels the original of an amended order in ShipStation while it is open there; see
		`Destination.make_way`.

		:raises OriginalShipped: the vendor has shipped the original.
		:raises RequestRejected: it cannot be cancelled.
		:raises Busy: another worker is changing it.
		"""
		original = payload.original
		if not original or not original.order_id or not original.is_recorded:
			return
		if self._is_at_another_account(original):
			return
		match cancel_there(self.client, original.sales_order, self.context.supplier):
			case CancelledThere.SHIPPED:
				raise OriginalShipped(original.sales_order)
			case CancelledThere.NOT_POSSIBLE:
				raise RequestRejected(
					_(
						"The Sales Order amends {0}, which is order {1} in ShipStation. Cancel that order"
						" there, then the next sync sends this one."
					).format(original.sales_order, original.order_id)
				)
			case CancelledThere.UNDER_WAY:
				sentence = _("Another sync is changing {0} in ShipStation. The next sync sends this order.")
				raise Busy(sentence.format(original.sales_order))

	def _check_unrecorded(self, original: Original) -> None:
		"""Checks that the vendor does not have an original that MedGrid did not send, and so does not cancel.

		:raises RequestRejected: the vendor has it.
		"""
		by_key = self.client.find_order(original.sales_order)
		by_id = self.client.get_order(original.order_id) if original.order_id else None
		found = next((each for each in (by_key, by_id) if each and each.orderStatus != "cancelled"), None)
		if found:
			raise RequestRejected(
				_(
					"The Sales Order amends {0}, which another system has sent to ShipStation as order {1}."
					" Cancel that order there, then the next sync sends this one. If it is shipped, ask {2}"
					" to close this one."
				).format(original.sales_order, found.orderId, us())
			)

	def _check_collision(self, payload: Push) -> None:
		"""Checks that ShipStation's order with this `orderKey`, if there is one, contains only lines of this
		payload: ShipStation has one order for each key, and sending the order would overwrite it.

		:raises RequestRejected: it contains another vendor's lines of the same Sales Order.
		:raises KeyTaken: it contains other lines, of another site, company or system, or the vendor's own.
		"""
		same_key = next(
			(other.supplier for other in payload.others if other.account == self.context.account), None
		)
		if not same_key and not self._has_other_lines(payload.payload):
			return
		if not payload.others:
			raise KeyTaken(
				_(
					"Your ShipStation account already has an order {0} with other lines, which MedGrid did"
					" not send. Sending this order would overwrite it. Connect a ShipStation account that no"
					" other system uses, or ask {1} to amend the Sales Order, which gives it another"
					" number."
				).format(payload.payload.orderKey, us())
			)
		raise RequestRejected(
			_(
				"Your ShipStation account already has this order's lines for {0}, and sending it"
				" again would overwrite them. Connect a ShipStation account that no other vendor uses."
			).format(same_key or _("another vendor"))
		)

	def _has_other_lines(self, payload: OrderPayload) -> bool:
		key = payload.orderKey
		remote = self._looked_up.pop(key) if key in self._looked_up else self.client.find_order(key)
		return has_other_lines(remote, {item.lineItemKey for item in payload.items})

	def send(self, payload: Push) -> str:
		return self._own_id(self.client.create_order(payload.payload).orderId, payload.payload.orderKey)

	def is_not_made(self, error: Exception) -> bool:
		return is_not_made(error)

	def is_refused(self, error: Exception) -> bool:
		"""None is parked at once: the schedule repeats it, since people may correct it meanwhile."""
		return False

	def pause_after(self, error: Exception, attempts: int) -> timedelta | None:
		return None

	def find(self, document: str) -> str | None:
		found = self.client.find_order(document)
		lines = order_records.lines_sent(document, self.context.supplier)
		# An order of another system may have the same key. Of ours, the vendor may have changed the lines.
		if not found or (lines and not lines_of(found) & set(lines)):
			return None
		return self._own_id(found.orderId, document)

	def _own_id(self, order_id: str, sales_order: str) -> str:
		"""Checks that ShipStation did not answer with the ID of another order.

		:raises InvalidRecord: another Sales Order has this ID, and it is not this order's in ShipStation.
		"""
		filters = {"shipstation_order_id": order_id, "account": self.context.account}
		if frappe.db.exists(OUTBOX.doctype, {**filters, "sales_order": ("!=", sales_order)}):
			remote = self.client.get_order(order_id)
			if not remote or remote.orderKey != sales_order:
				raise InvalidRecord("the ID of another order", service=self.client.service)
		return order_id

	def outcome(self, document: str, record: Record | None, receipt: str) -> Outcome:
		"""Returns what to record of a sent order; see `Destination.outcome`. The first push also writes the
		ShipStation order id to the Sales Order. An order that was cancelled in the meantime is recorded as
		cancelled, and the vendor must cancel it in ShipStation."""
		fields = ["docstatus", "shipstation_order_id"]
		order = frappe.db.get_value("Sales Order", document, fields, as_dict=True)
		if not order.shipstation_order_id:
			frappe.db.set_value(
				"Sales Order", document, "shipstation_order_id", receipt, update_modified=False
			)
		began = (record and record.claimed_at) or utc_now()
		values = {"shipstation_order_id": receipt, "pushed_at": stored_utc(began)}
		if order.docstatus == 2:
			return Outcome(values, State.CANCELLED, cancellation_reason(document, receipt))
		return Outcome(values)

	def reason_of(self, error: Exception) -> Reason:
		return reason_of_failure(error)

	def reason_of_nothing(self) -> Reason:
		return Reason(_("ShipStation did not receive the order. The next sync sends it again."))
