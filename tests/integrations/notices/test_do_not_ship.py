"""Do not ship, cancelled: a vendor is told once, by text and by mail, of what MedGrid cannot cancel."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import frappe
import pytest

from medgrid.core.clock import stored_utc, utc_now
from medgrid.integrations.notices.do_not_ship import tell_overdue
from medgrid.integrations.sendblue.alerts import send_do_not_ship
from medgrid.integrations.shipstation.sales_order_events import record_cancellation
from medgrid.issues.records import DOCTYPE
from tests.integrations.vendor_orders.test_acknowledge import acknowledge, cancel
from tests.integrations.vendor_orders.test_acknowledge import do_not_ship as shown
from tests.support import limits
from tests.support.http import message
from tests.support.mails import forget_mails_to, mails_to, subjects_to
from tests.support.records import write_values
from tests.support.rival import deadlock
from tests.support.sendblue import alerts, connect
from tests.support.vendors import Vendor, order
from tests.support.waiting import wait_for_jobs

RPC = "medgrid.integrations."
NOT_TOLD = {"notified_at": None}


@pytest.fixture
def vendor(connected, sendblue, outgoing_mail) -> Iterator[Vendor]:
	"""A vendor with a phone, who has not been mailed yet."""
	connect(connected, sendblue)
	forget_mails_to(connected.user.email)
	yield connected
	wait_for_jobs()
	forget_mails_to(connected.user.email)


def send(vendor: Vendor, *, is_changed_there: bool = False):
	"""An order that is sent; the vendor has added a line, so that MedGrid does not cancel it there."""
	document = order((vendor.item, 1, 10))
	vendor.stats()
	if is_changed_there:
		[remote] = [entry for entry in vendor.remote_orders() if entry["orderKey"] == document.name]
		gift = {"lineItemKey": "gift", "sku": "GIFT", "name": "Gift", "quantity": 1, "unitPrice": 0}
		vendor.shipstation.save_order(vendor.api_key, {**remote, "items": [*remote["items"], gift]})
	return document


def settle_time(sales_order: str, **ago) -> None:
	"""It was cancelled so long ago."""
	frappe.db.rollback()
	since = stored_utc(utc_now() - timedelta(**ago))
	write_values("ShipStation Order", {"sales_order": sales_order}, "since", since)


def texts(vendor: Vendor, sendblue) -> list[str]:
	return [text for text in alerts(sendblue) if "DO NOT SHIP" in text]


def mails(vendor: Vendor) -> list[str]:
	wait_for_jobs()
	return [subject for subject in subjects_to(vendor.user.email) if "Do not ship" in subject]


def open_issues(sales_order: str) -> int:
	frappe.db.rollback()
	name = frappe.db.get_value("ShipStation Order", {"sales_order": sales_order})
	filters = {"reference_name": name, "issue_type": "shipstation/do_not_ship", "open_key": ("is", "set")}
	return frappe.db.count(DOCTYPE, filters)


def test_what_medgrid_cancels_itself_disturbs_nobody_and_its_turn_is_at_once(vendor, sendblue):
	sales_order = cancel(send(vendor))
	frappe.db.rollback()
	assert frappe.db.get_value("Vendor Connection", vendor.connection(), "next_sync_at") is None
	vendor.stats()
	assert vendor.remote_orders()[0]["orderStatus"] == "cancelled"
	settle_time(sales_order, hours=1)
	tell_overdue()
	assert texts(vendor, sendblue) == mails(vendor) == []
	assert open_issues(sales_order) == 0


@pytest.mark.parametrize("end", ["cancelled by MedGrid", "acknowledged"])
@pytest.mark.parametrize("amended", [False, True])
def test_a_job_that_comes_late_changes_nothing_of_what_came_of_the_cancellation(
	vendor, sendblue, end, amended
):
	sales_order = cancel(send(vendor, is_changed_there=end == "acknowledged"))
	vendor.sync()
	if end == "acknowledged":
		acknowledge(vendor, [sales_order])
	wait_for_jobs()
	before = vendor.record(sales_order).as_dict()
	if amended:
		amend(sales_order)
		wait_for_jobs()
	told = len(texts(vendor, sendblue))
	record_cancellation(sales_order)
	settle_time(sales_order, hours=1)
	tell_overdue()
	after = vendor.record(sales_order)
	assert (after.reason, after.who_acts) == (before.reason, before.who_acts)
	assert open_issues(sales_order) == 0 and len(texts(vendor, sendblue)) == told
	if end == "cancelled by MedGrid":
		assert (after.who_acts, told) == ("Nobody", 0)


def amend(sales_order: str) -> None:
	amended = frappe.copy_doc(frappe.get_doc("Sales Order", sales_order))
	amended.amended_from = sales_order
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()


def test_what_medgrid_cannot_cancel_is_told_once_by_text_and_by_mail(vendor, sendblue):
	sales_order = cancel(send(vendor, is_changed_there=True))
	for _sync in range(2):
		vendor.sync()
		tell_overdue()
	[text] = texts(vendor, sendblue)
	assert sales_order in text and "/portal/orders" in text and "STOP" in text
	assert mails(vendor) == [f"MedGrid: Do not ship {sales_order}: it is cancelled"]
	remote_id = vendor.remote_orders()[0]["orderId"]
	for kind in ("html", "plain"):
		[mail] = mails_to(vendor.user.email, kind)
		assert f"Cancel order {remote_id} in ShipStation" in mail
		assert "/portal/orders" in mail and "/portal/unsubscribe?" in mail
	assert shown(vendor) == [sales_order] and open_issues(sales_order) == 1


@pytest.mark.parametrize("trouble", ["paused", "disconnected", "failing"])
def test_while_the_connection_does_not_work_it_is_told_at_once(vendor, sendblue, trouble):
	document = send(vendor)
	if trouble == "failing":
		vendor.shipstation.add_account(vendor.api_key, "rotated")
		assert vendor.sync()["ok"] is False
	else:
		rpc = "pause" if trouble == "paused" else "disconnect"
		message(vendor.caller.post(f"{RPC}{rpc}", integration_type="shipstation"))
	sales_order = cancel(document)
	assert len(texts(vendor, sendblue)) == 1
	assert mails(vendor) == [f"MedGrid: Do not ship {sales_order}: it is cancelled"]


def test_what_no_sync_has_cancelled_within_a_quarter_of_an_hour_is_told(vendor, sendblue):
	sales_order = cancel(send(vendor))
	settle_time(sales_order, minutes=14)
	tell_overdue()
	assert texts(vendor, sendblue) == []
	settle_time(sales_order, minutes=16)
	tell_overdue()
	tell_overdue()
	assert len(texts(vendor, sendblue)) == len(mails(vendor)) == 1


def test_a_cancellation_of_long_ago_is_on_the_page_only(vendor, sendblue):
	sales_order = cancel(send(vendor))
	settle_time(sales_order, days=2)
	tell_overdue()
	assert texts(vendor, sendblue) == mails(vendor) == []
	assert shown(vendor) == [sales_order]


@pytest.mark.parametrize("end", ["acknowledged", "cancelled there", "shipped there"])
def test_the_issue_is_settled_when_nobody_can_ship_it_any_more(vendor, sendblue, end):
	sales_order = cancel(send(vendor, is_changed_there=True))
	vendor.sync()
	wait_for_jobs()
	assert open_issues(sales_order) == 1
	remote = vendor.remote_orders()[0]["orderId"]
	if end == "acknowledged":
		acknowledge(vendor, [sales_order])
	elif end == "cancelled there":
		vendor.shipstation.set_order_status(vendor.api_key, remote, "cancelled")
	else:
		vendor.shipstation.buy_label(vendor.api_key, order_id=remote)
	vendor.sync()
	assert open_issues(sales_order) == 0
	assert len(texts(vendor, sendblue)) == len(mails(vendor)) == 1


def test_several_orders_that_are_cancelled_together_are_in_one_text_and_one_mail(vendor, sendblue):
	documents = [send(vendor) for _number in range(5)]
	for document in documents:
		cancel(document)
		settle_time(document.name, minutes=16)
	tell_overdue()
	[text] = texts(vendor, sendblue)
	assert "and 2 more" in text and sum(document.name in text for document in documents) == 3
	assert mails(vendor) == ["MedGrid: Do not ship 5 orders"]
	[mail] = mails_to(vendor.user.email, "plain")
	assert all(document.name in mail for document in documents)


def test_it_is_a_mail_of_its_own_beside_the_one_about_the_connection(vendor, sendblue):
	document = send(vendor)
	vendor.shipstation.add_account(vendor.api_key, "rotated")
	assert vendor.sync()["ok"] is False
	wait_for_jobs()
	sales_order = cancel(document)
	wait_for_jobs()
	assert subjects_to(vendor.user.email) == [
		"MedGrid: Your connection to ShipStation does not work",
		f"MedGrid: Do not ship {sales_order}: it is cancelled",
	]


def test_a_text_that_could_not_be_sent_is_tried_again_by_the_next_sync(vendor, sendblue):
	cancel(send(vendor, is_changed_there=True))
	sendblue.fault("status", times=None, status=401)
	vendor.sync()
	wait_for_jobs()
	sendblue.clear_faults()
	assert texts(vendor, sendblue) == []
	vendor.sync()
	assert len(texts(vendor, sendblue)) == 1


def test_wherever_a_conflict_undoes_the_claim_one_text_names_all_orders(vendor, sendblue):
	"""The claim of several orders is repeated whole: none is marked as told without being told."""
	documents = [send(vendor) for _number in range(2)]
	for document in documents:
		cancel(document)
		settle_time(document.name, minutes=16)
	tell_overdue()
	wait_for_jobs()
	for number in count(1):
		told = len(texts(vendor, sendblue))
		write_values(DOCTYPE, {"supplier": vendor.supplier, "open_key": ("is", "set")}, NOT_TOLD)
		with deadlock(number) as statements:
			send_do_not_ship(vendor.supplier)
		[text] = texts(vendor, sendblue)[told:]
		assert all(document.name in text for document in documents), (number, text)
		limits.lift()
		if len(statements) < number:
			break
	assert number > 4


def test_another_vendor_is_told_nothing(vendor, other_vendor, sendblue):
	forget_mails_to(other_vendor.user.email)
	cancel(send(vendor, is_changed_there=True))
	vendor.sync()
	wait_for_jobs()
	assert subjects_to(other_vendor.user.email) == [] and shown(other_vendor) == []
