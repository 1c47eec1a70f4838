"""What requests, jobs, cards and pages read of the tables that grow, as calls. Calls to other systems are
left out: what is read before and written after them is here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import frappe

from sandbox.growth.expressions import MARK, Scene


@dataclass(frozen=True)
class Operation:
	"""One call.

	:param limit_ms: the longest time that it may take on the site of `python3 -m sandbox load`; None: what
		counts is that it scans nothing.
	:param of_frappe: Frappe sends its statements, by what MedGrid has declared.
	:param deletes: it reads the rows that it deletes, however many they are.
	:param because: why it may read many rows.
	"""

	title: str
	call: Callable[[], Any]
	limit_ms: float | None = None
	of_frappe: bool = False
	deletes: bool = False
	because: str = ""


def operations(scene: Scene) -> list[Operation]:
	"""All of them, on the rows of a scene."""
	return [
		*_requests(scene),
		*pages(scene),
		*_cards(),
		*_jobs_of_vendors(scene),
		*_jobs_of_the_store(),
		*_jobs_of_vertex(),
		*_cleaning(),
	]


def _requests(scene: Scene) -> list[Operation]:
	from medgrid.contact import queue
	from medgrid.exoceuticals.fulfillment import updates
	from medgrid.exoceuticals.health_report import report as store_report
	from medgrid.health import facts
	from medgrid.integrations.shopify import uninstall_check
	from medgrid.vertex import issue_list, volume
	from medgrid.vertex.booking import retrying
	from medgrid.vertex.health_report import report as vertex_report
	from medgrid.webhooks import events

	first = f"{MARK}-1"
	return [
		Operation("RPC health", facts.read_facts, 100),
		Operation("RPC exoceuticals.health", store_report, 100),
		Operation("RPC vertex.health", vertex_report, 100),
		Operation("RPC vertex.issues", lambda: issue_list.listed(None, None, True, 0, 20)),
		Operation("RPC vertex.issues of one shop", lambda: issue_list.listed([first], None, None, 0, 20)),
		Operation("RPC vertex.data_volume", lambda: volume.listed("invoice", None, None, 0, 20)),
		Operation("RPC vertex.retry_document", lambda: retrying._bookings({"reference_name": first})),
		Operation("RPC exoceuticals.webhook: the order", lambda: updates.known_version(first)),
		Operation("RPC exoceuticals.webhook: a repetition", lambda: events.find("exoceuticals", first)),
		Operation("RPC submit_contact_form: room", lambda: queue.check_room(held=False)),
		Operation("webhooks that wait for their check", uninstall_check.VERIFICATION.waiting_shops),
	]


def pages(scene: Scene) -> list[Operation]:
	"""What the pages of a vendor's portal read."""
	from medgrid.integrations.accounts.listing import accounts
	from medgrid.integrations.vendor_orders import listing, selection
	from medgrid.integrations.vendor_products import listing as products
	from medgrid.outbox.states import State
	from medgrid.portal import cards

	supplier, user = scene.supplier, scene.user
	his_orders, his_products = selection.OrderFilter(supplier), products.ProductFilter(supplier)

	def orders_page() -> None:
		listing.total(his_orders, listing.counts(supplier))
		listing.page(his_orders, offset=0, rows=20)

	def products_page() -> None:
		products.total(his_products, products.counts(supplier))
		products.page(his_products, offset=0, rows=20)

	found: list[Operation] = [
		Operation("page Integrations: cards", partial(cards.cards_of, user)),
		Operation("page Integrations: orders not to ship", partial(cards.do_not_ship, user)),
		Operation("page Integrations: accounts", partial(accounts, user)),
		Operation("page Orders: as it opens", orders_page),
		Operation("page Products: as it opens", products_page),
		Operation("page Orders: numbers", partial(listing.counts, supplier)),
		Operation("page Products: numbers", partial(products.counts, supplier)),
		Operation(
			"page Products: the first 20",
			partial(products.page, his_products, offset=0, rows=20),
		),
	]
	for state in (None, State.WAITING, State.FAILED, State.DELIVERED):
		title = f"page Orders: 20, {state.value if state else 'all'}"
		wanted = selection.OrderFilter(supplier, state)
		found.append(Operation(title, partial(listing.page, wanted, offset=0, rows=20)))
	return found


def _cards() -> list[Operation]:
	from medgrid.desk import cards

	found = [
		Operation("card Orders Pushed Today", cards.orders_pushed_today),
		Operation("card Taxes Not Booked", cards.taxes_not_booked),
	]
	for name in frappe.get_all("Number Card", {"module": "Medgrid", "type": "Document Type"}, pluck="name"):
		found.append(Operation(f"card {name.removeprefix('MedGrid ')}", partial(_card, name), of_frappe=True))
	for name in frappe.get_all("Dashboard Chart", {"module": "Medgrid"}, pluck="name"):
		title, because = f"chart {name.removeprefix('MedGrid ')}", ""
		if name == "MedGrid Events per Day":
			because = (
				"Frappe counts a month's events one by one, from an index, and keeps the result for a day."
			)
		found.append(Operation(title, partial(_chart, name), of_frappe=True, because=because))
	return found


def _card(name: str) -> Any:
	from frappe.desk.doctype.number_card.number_card import get_result

	card = frappe.get_doc("Number Card", name)
	return get_result(card.as_dict(), card.filters_json)


def _chart(name: str) -> Any:
	from frappe.desk.doctype.dashboard_chart.dashboard_chart import get

	return get(chart_name=name, refresh=True)


def _jobs_of_vendors(scene: Scene) -> list[Operation]:
	from medgrid.integrations import turns
	from medgrid.integrations.notices import do_not_ship
	from medgrid.integrations.shipstation import order_records
	from medgrid.integrations.shipstation.changes import acknowledgements, events, resending, shipped
	from medgrid.integrations.shipstation.due import missed, register
	from medgrid.integrations.shipstation.eligibility import due_orders
	from medgrid.integrations.shipstation.parcels import catching_up, delivery_notes, open_pushes
	from medgrid.integrations.shopify.products import VendorProducts
	from medgrid.orders import amendments
	from medgrid.sync import history, running
	from medgrid.sync.job import Job

	supplier, connection = scene.supplier, scene.connection
	context = order_records.PushContext(supplier, connection, scene.account)
	products = VendorProducts(scene.shopify, supplier, scene.shop, "USD")
	return [
		Operation("job dispatch", lambda: turns.due_connections(8)),
		Operation("job dispatch: room", turns.room_in_queue),
		Operation("job register_missed: without a record", lambda: missed._without_record(missed._since())),
		Operation("job register_missed: without a vendor", missed._without_vendor),
		Operation("job register_missed: not due any more", missed._not_due_any_more),
		Operation("job register", lambda: register.make_records(f"{MARK}-50")),
		Operation("sync: missed orders of a vendor", lambda: missed._without_record_of(supplier)),
		Operation("sync: orders not due any more", lambda: missed._not_due_any_more(supplier)),
		Operation("sync: due orders", lambda: list(due_orders(context))),
		Operation("sync: open attempts", lambda: order_records.open_attempts(context)),
		Operation("sync: parked orders", lambda: order_records.parked_orders(context, 20)),
		Operation("sync: changed orders", lambda: resending.changed_orders(context)),
		Operation("sync: cancelled orders", lambda: order_records.cancellations_since(context, 30)),
		Operation("sync: shipped with a change", lambda: shipped.shipped_since_change(context)),
		Operation("job register_missed: freed by the store", missed.freed_by_store),
		Operation("who amends an order", lambda: amendments.amended_order_of(f"{MARK}-77")),
		Operation(
			"sync: cancelled without a record", lambda: order_records.cancelled_without_record(supplier, 30)
		),
		Operation("sync: open pushes", lambda: open_pushes.open_pushes(context)),
		Operation("sync: tracking that came late", lambda: catching_up.catch_up(supplier)),
		Operation("sync: orders that leave the list", lambda: open_pushes.leaving_pushes(context)),
		Operation("job link_parcels", lambda: delivery_notes.link_parcels(f"{MARK}-1", [])),
		Operation("job note_changes", lambda: events.note_changes(f"{MARK}-77")),
		Operation("job note_changes_of_address", lambda: events.orders_with_address(scene.address)),
		Operation("job tell_overdue", do_not_ship.overdue),
		Operation("RPC acknowledge", lambda: acknowledgements.open_cancellations(supplier)),
		Operation("pull: products of the shop", products.count_products),
		Operation("pull: sample of titles", lambda: products.sample_titles(5)),
		Operation("runs of a connection", lambda: history.latest(Job("shipstation", connection), 10)),
		Operation("old runs of a connection", lambda: history.delete_old(Job("shipstation", connection))),
		Operation("runs of the store", lambda: history.last(Job("catalog"))),
		Operation("a dead run", lambda: running.dead_run(Job("catalog"))),
	]


def _jobs_of_the_store() -> list[Operation]:
	from medgrid.exoceuticals.catalog import unmatched
	from medgrid.exoceuticals.fulfillment import reconciliation
	from medgrid.exoceuticals.orders import order_records

	due = reconciliation.Due("", "", None)
	later = reconciliation.Due("", "", reconciliation.LONG_AGO)
	return [
		Operation("reconciliation: open attempts", order_records.conclusive_attempts),
		Operation("store: attempts to look up", order_records.due_attempts),
		Operation("store: orders to send again", lambda: order_records.due_orders(50)),
		Operation("store: rows that were asked for", lambda: order_records.asked_rows(f"{MARK}-3")),
		Operation("reconciliation: cancelled", lambda: order_records.cancelled_without_record(30)),
		Operation("reconciliation: never checked", lambda: reconciliation._due_after(due)),
		Operation("reconciliation: checked longest ago", lambda: reconciliation._due_after(later)),
		Operation("catalog: resolved duplicates", unmatched.resolved_duplicates),
		Operation("catalog: variants with an SKU", lambda: unmatched.variants_with(["SKU-1"])),
		Operation(
			"catalog: decisions",
			lambda: unmatched.decisions([f"gid://shopify/ProductVariant/{MARK}1"], ["x"]),
		),
	]


def _jobs_of_vertex() -> list[Operation]:
	from medgrid.vertex.booking import records, taking_back, unbooked
	from medgrid.vertex.contract import envelope
	from medgrid.vertex.privacy import redaction

	merchant = f"{MARK} merchant 1"
	return [
		Operation("Vertex: due bookings", lambda: records.due(100)),
		Operation("Vertex: needless reversals", records.void_needless_reversals),
		Operation("Vertex: a booking", lambda: records._find(f"{MARK}-1")),
		Operation("Vertex: pending of a merchant", lambda: records.make_due(merchant)),
		Operation("Vertex: unbooked invoices", unbooked._unbooked),
		Operation("Vertex: cancellations that were missed", taking_back._missed),
		Operation("Vertex: orders of a buyer", lambda: redaction.of_orders(merchant, [f"{MARK}-1"])),
		Operation("Vertex: documents of a customer", lambda: redaction.of_customer(merchant, ["7"])),
		Operation("Vertex: redaction that was asked for", redaction.redact_requested),
		Operation(
			"Vertex: the log entry of a fault", lambda: envelope._name_in_error_log(f"{MARK}-none", "issue")
		),
	]


def _cleaning() -> list[Operation]:
	from medgrid.contact import inbox
	from medgrid.issues import retention
	from medgrid.webhooks import events

	old = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(days=365 * 2)
	return [
		Operation("cleaning: Integration Events", lambda: events.prune(90), deletes=True),
		Operation("cleaning: nothing left of them", lambda: events.prune(90)),
		Operation("cleaning: Integration Issues", retention.prune, deletes=True),
		Operation("cleaning: Vertex Data Volume", lambda: _delete_volume(old), deletes=True),
		Operation("hourly: overdue contact messages", inbox.deliver_overdue),
	]


def _delete_volume(before: datetime) -> None:
	from medgrid.core.bulk import delete_older
	from medgrid.vertex.volume import DOCTYPE

	delete_older(DOCTYPE, "date_created", before)
