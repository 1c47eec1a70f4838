"""Pulling tracking for pushed orders, with as few requests as possible. Contract: "Tracking Number Pull".

Order by order, or, if that needs fewer requests, by paging through all shipments since the oldest open push.
What came is compared with what is stored, and `shipments` writes what changed.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import frappe

from medgrid.integrations.errors import OutOfTime, Refused
from medgrid.integrations.shipstation.client import ShipStationClient
from medgrid.integrations.shipstation.models import Shipment, to_pacific
from medgrid.integrations.shipstation.shipments import CHUNK, OpenPush, apply_shipments

# A shipped order stays open this long: its label may still be voided or replaced.
OPEN_DAYS_AFTER_SHIPPING = 14
# After this long without a shipment nobody waits for one.
OPEN_DAYS_AFTER_PUSH = 180
# Shipments are asked for from a little earlier: clocks differ, and an hour a year is counted twice.
OVERLAP = timedelta(hours=2)
BY_ORDER, BY_PAGES = "by_order", "by_pages"
MAX_ERRORS = 50


@dataclass
class PullReport:
	"""
	:param pulled: orders whose tracking number is new or another one than before.
	:param method: "by_order" or "by_pages".
	:param deferred: orders not looked at, for want of time.
	"""

	pulled: int = 0
	errors: list[str] = field(default_factory=list)
	method: str = BY_ORDER
	deferred: int = 0


def pull_tracking(client: ShipStationClient, supplier: str, account: str) -> PullReport:
	"""Looks at every open order of a vendor's account once.

	:raises IntegrationError: what would stop every order.
	"""
	report = PullReport()
	pushes = open_pushes(supplier, account)
	if not pushes:
		return report
	remaining = pushes
	if len(pushes) > 1:
		remaining = _pull_by_pages(client, pushes, report)
	if remaining:
		_pull_by_order(client, remaining, report)
	return report


def open_pushes(supplier: str, account: str) -> list[OpenPush]:
	"""The pushed orders to look at, oldest first."""
	record, order = frappe.qb.DocType("ShipStation Order"), frappe.qb.DocType("Sales Order")
	now = frappe.utils.now_datetime()
	shipped_since = now - timedelta(days=OPEN_DAYS_AFTER_SHIPPING)
	rows = (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(record.name, record.sales_order, record.shipstation_order_id, record.pushed_at)
		.select(record.tracking_number, record.shipped_at)
		.where((record.supplier == supplier) & (record.account == account))
		.where((order.docstatus == 1) & (record.pushed_at >= now - timedelta(days=OPEN_DAYS_AFTER_PUSH)))
		.where(
			(record.status == "Pushed")
			| ((record.status == "Shipped") & (record.shipped_at >= shipped_since))
		)
		.orderby(record.pushed_at)
		.run()
	)
	return [OpenPush(*row) for row in rows]


def _pull_by_order(client: ShipStationClient, pushes: list[OpenPush], report: PullReport) -> None:
	report.method = BY_ORDER
	for number, push in enumerate(pushes):
		try:
			report.pulled += apply_shipments([(push, client.shipments_of_order(push.order_id))])
		except OutOfTime:
			report.deferred = len(pushes) - number
			return
		except Refused as error:
			if len(report.errors) < MAX_ERRORS:
				report.errors.append(f"{push.sales_order}: {error}")


def _pull_by_pages(client: ShipStationClient, pushes: list[OpenPush], report: PullReport) -> list[OpenPush]:
	"""Pages through all shipments since the oldest open push, unless the first page says that there are more
	pages than orders.

	:returns: the orders that are still to be looked at, one by one.
	"""
	report.method = BY_PAGES
	wanted = {push.order_id for push in pushes}
	found: dict[str, list[Shipment]] = defaultdict(list)
	pages = client.shipment_pages(_since(pushes[0]))
	try:
		first = next(pages)
		if first.pages > len(pushes):
			return pushes
		for page in chain([first], pages):
			_collect(page, wanted, found)
	except OutOfTime:
		# Without all pages nobody knows which shipment of an order is the newest.
		report.deferred = len(pushes)
		return []
	for start in range(0, len(pushes), CHUNK):
		chunk = pushes[start : start + CHUNK]
		report.pulled += apply_shipments([(push, found.get(push.order_id, [])) for push in chunk])
	return []


def _collect(page, wanted: set[str], found: dict[str, list[Shipment]]) -> None:
	for shipment in page.shipments or []:
		if shipment.orderId in wanted:
			found[shipment.orderId].append(shipment)


def _since(oldest: OpenPush) -> str:
	zone = ZoneInfo(frappe.utils.get_system_timezone())
	return to_pacific(oldest.pushed_at.replace(tzinfo=zone) - OVERLAP)
