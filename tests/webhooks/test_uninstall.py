"""An uninstallation is believed only after Shopify was asked with the stored token: vendors' shops, the store
and the shops of the tax connector, over HTTP against the simulated Shopify."""

import json
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import frappe
import pytest
from pydantic import SecretStr

from medgrid.exoceuticals.connect import uninstall as store_check
from medgrid.integrations.connections import records
from medgrid.integrations.shopify import uninstall_check as vendor_check
from medgrid.vertex.merchants import uninstall as merchant_check
from medgrid.webhooks.verification import MAX_ATTEMPTS
from tests.support import connector, shops, store_webhooks
from tests.support.waiting import wait_for, wait_for_jobs, wait_until_equal
from tests.webhooks.senders import UNINSTALLED, shopify_headers

# Longer than a request that asked Shopify would take with these faults.
FAST_SECONDS = 4


@dataclass
class Link:
	"""A connected shop, and Shopify's way to tell that the app was uninstalled from it.

	:param check: the module with the job.
	"""

	source: str
	path: str
	secret: str
	domain: str
	control: Any
	check: Any
	guest: Any
	is_linked: Callable[[], bool]
	connect: Callable[[], Any]

	def send(self, **headers: str | None):
		"""The webhook. Shopify's body is the same each time.

		:param headers: besides the contract's three, with underscores.
		"""
		body = json.dumps({"id": 7, "name": "MGT", "myshopify_domain": self.domain}).encode()
		changed = {name.replace("_", "-"): value for name, value in headers.items()}
		right = {"Content-Type": "application/json", **shopify_headers(body, self.secret, UNINSTALLED)}
		answer = self.guest.request("POST", self.path, data=body, headers={**right, **changed})
		assert answer.status_code == 200, answer.text
		return answer

	def uninstall(self) -> None:
		"""The merchant does, and Shopify revokes the token; its webhook is not sent."""
		self.control.revoke_token(self.domain)

	def is_down(self, **fault: Any) -> None:
		self.control.fault(**{"kind": "status", "path": "*/graphql.json", "times": None, **fault})

	def ask_again(self) -> None:
		"""What the scheduler's jobs do, here and now."""
		frappe.db.rollback()
		for shop in self.check.VERIFICATION.waiting_shops():
			self.check.verify_uninstall(shop)

	def is_asked_in_vain(self) -> None:
		"""Waits until the first attempt has failed."""
		wait_for(lambda: any(event.error for event in self.events()))

	def events(self) -> list[Any]:
		frappe.db.rollback()
		filters = {"source": self.source, "shop": self.domain}
		return frappe.get_all("Integration Event", filters=filters, fields=["*"])

	def outcomes(self) -> list[str]:
		return [event.outcome for event in self.events()]

	def issues(self) -> list[Any]:
		frappe.db.rollback()
		filters = {"issue_type": ("like", "%/verify_uninstall"), "related_to": self.domain}
		return frappe.get_all("Integration Issue", filters=filters, fields=["*"])


@pytest.fixture
def vendor_link(shop, anonymous):
	store_webhooks.forget_events()
	shop.connect()
	return Link(
		source="shopify",
		path="/api/method/medgrid.integrations.shopify_webhook",
		secret=shops.CLIENT_SECRET,
		domain=shop.domain,
		control=shop.control,
		check=vendor_check,
		guest=anonymous,
		is_linked=lambda: shop.entry()["status"] == "connected",
		connect=shop.connect,
	)


@pytest.fixture
def store_link(site, shopify, anonymous):
	with store_webhooks.linked_store(shopify, anonymous) as store:

		def connect() -> None:
			token = shopify.issue_token(store.domain, store_webhooks.SCOPES, store_webhooks.CLIENT_ID)
			store_webhooks.set_secrets(api_token=token)

		yield Link(
			source="exoceuticals",
			path=store_webhooks.PATH,
			secret=store_webhooks.CLIENT_SECRET,
			domain=store.domain,
			control=shopify,
			check=store_check,
			guest=anonymous,
			is_linked=lambda: bool(store_webhooks.secret("api_token")),
			connect=connect,
		)


@pytest.fixture
def merchant_link(complete_shop, anonymous):
	def connect() -> None:
		complete_shop.install()

	return Link(
		source="vertex",
		path="/api/method/medgrid.vertex.app_webhook",
		secret=connector.APP_SECRET,
		domain=complete_shop.domain,
		control=complete_shop.shopify,
		check=merchant_check,
		guest=anonymous,
		is_linked=lambda: complete_shop.document().status != "Uninstalled",
		connect=connect,
	)


@pytest.fixture(params=["vendor_link", "store_link", "merchant_link"])
def link(request):
	link = request.getfixturevalue(request.param)
	yield link
	link.control.clear_faults()
	link.ask_again()


# what Shopify says decides, and no header

HEADERS = {
	"the contract's three": {},
	"triggered long ago": {"X_Shopify_Triggered_At": "2026-01-01T00:00:00.123456789Z"},
	"triggered in the future": {"X_Shopify_Triggered_At": "2099-01-01T00:00:00Z"},
	"triggered whenever": {"X_Shopify_Triggered_At": "yesterday"},
	"a webhook id": {"X_Shopify_Webhook_Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"},
}


@pytest.mark.parametrize("headers", HEADERS)
def test_a_token_that_shopify_refuses_is_gone(link, headers):
	link.uninstall()
	link.send(**HEADERS[headers])
	wait_until_equal(link.outcomes, ["Disconnected"])
	assert not link.is_linked()


@pytest.mark.parametrize("headers", HEADERS)
def test_a_token_that_shopify_accepts_stays(link, headers):
	link.send(**HEADERS[headers])
	wait_until_equal(link.outcomes, ["Stale"])
	assert link.is_linked()


def test_a_replay_after_installing_again_ends_nothing(link):
	link.uninstall()
	link.send()
	wait_until_equal(link.outcomes, ["Disconnected"])
	link.connect()
	for _time in range(2):
		link.send(X_Shopify_Webhook_Id=str(uuid.uuid4()))
		wait_until_equal(link.outcomes, ["Stale"])
	assert link.is_linked()


def test_an_app_that_is_uninstalled_again_is_disconnected_again(link):
	"""Shopify's body is the same both times."""
	for _time in range(2):
		link.connect()
		link.uninstall()
		link.send()
		wait_until_equal(link.is_linked, False)
		wait_until_equal(link.outcomes, ["Disconnected"])


def test_what_nobody_is_connected_to_is_not_asked_about(link):
	link.uninstall()
	link.send()
	wait_until_equal(link.outcomes, ["Disconnected"])
	asked = len(link.control.received(link.domain))
	link.send()
	wait_for_jobs()
	assert len(link.control.received(link.domain)) == asked
	assert link.outcomes() == ["Disconnected"]


def test_many_at_once_are_one_event(link):
	link.uninstall()
	with ThreadPoolExecutor(4) as pool:
		list(pool.map(lambda _number: link.send(), range(4)))
	wait_for_jobs()
	link.ask_again()
	assert not link.is_linked()
	wait_until_equal(link.outcomes, ["Disconnected"])


# who cannot be asked now is asked later

SILENT: dict[str, dict[str, Any]] = {
	"unavailable": {"status": 503},
	"frozen": {"status": 402},
	"unknown": {"status": 404},
	"locked": {"status": 423},
	"forbidden": {"status": 403},
	"nonsense": {"kind": "malformed"},
}


@pytest.mark.parametrize("kind", SILENT)
def test_a_shop_that_does_not_answer_stays_connected_and_is_asked_again(link, kind):
	link.is_down(**SILENT[kind])
	link.send()
	link.is_asked_in_vain()
	assert link.is_linked()
	[event] = link.events()
	assert (event.outcome, event.attempts) == ("To Be Verified", 1)
	assert event.error.startswith(("Shopify", "This store"))
	link.control.clear_faults()
	link.uninstall()
	link.ask_again()
	assert not link.is_linked()
	assert link.outcomes() == ["Disconnected"]
	assert link.events()[0].error is None


def test_an_old_notice_that_is_verified_later_ends_nothing(link):
	link.is_down(status=402)
	link.send()
	link.is_asked_in_vain()
	link.control.clear_faults()
	link.ask_again()
	assert link.is_linked()
	assert link.outcomes() == ["Stale"]
	assert link.issues() == []


def test_who_never_answers_is_given_up_and_administrators_are_notified(link):
	link.is_down(status=402)
	link.send()
	link.is_asked_in_vain()
	for attempts in range(2, MAX_ATTEMPTS + 1):
		link.check.verify_uninstall(link.domain)
		assert link.events()[0].attempts == attempts
	assert link.outcomes() == ["Failed"]
	assert link.is_linked()
	[issue] = link.issues()
	assert (issue.who_acts, issue.settled_at) == ("Administrator", None)
	assert link.domain in issue.detail
	assert "frozen" in issue.detail
	assert frappe.db.count("Notification Log", {"document_name": issue.name})
	link.ask_again()
	assert link.events()[0].attempts == MAX_ATTEMPTS


def test_an_answer_settles_the_issue(link):
	link.is_down(status=402)
	link.send()
	link.is_asked_in_vain()
	frappe.db.set_value("Integration Event", link.events()[0].name, "attempts", MAX_ATTEMPTS - 1)
	frappe.db.commit()
	link.check.verify_uninstall(link.domain)
	assert len(link.issues()) == 1
	link.control.clear_faults()
	link.send()
	wait_until_equal(link.outcomes, ["Stale"])
	assert link.issues()[0].settled_at


def test_a_notice_whose_job_was_lost_is_found_by_the_scheduler(link):
	link.uninstall()
	link.send()
	wait_until_equal(link.outcomes, ["Disconnected"])
	link.connect()
	link.uninstall()
	frappe.db.set_value("Integration Event", link.events()[0].name, "outcome", "To Be Verified")
	frappe.db.commit()

	def is_disconnected() -> bool:
		frappe.db.rollback()
		link.check.verify_waiting()
		return not link.is_linked()

	wait_for(is_disconnected, every=0.5)


def test_the_scheduler_asks_for_all():
	crons = frappe.get_hooks("scheduler_events")["cron"]
	jobs = {job for jobs in crons.values() for job in jobs}
	assert {
		f"{check.__name__}.verify_waiting" for check in (vendor_check, store_check, merchant_check)
	} <= jobs


def test_the_webhook_does_not_wait_for_shopify(link):
	link.is_down(kind="slow", seconds=8, times=1)
	began = time.monotonic()
	link.send()
	assert time.monotonic() - began < FAST_SECONDS
	link.control.clear_faults()
	wait_until_equal(link.outcomes, ["Stale"])


# what is stored while Shopify is asked


def test_a_vendor_who_connects_again_meanwhile_keeps_the_new_token(vendor_link, shop):
	asked = records.get(shop.connection().name)
	shop.connect()
	assert vendor_check._forget(asked) is False
	assert vendor_link.is_linked()


def test_a_store_that_is_connected_again_meanwhile_keeps_the_new_token(store_link):
	assert store_check._forget_token(store_link.domain, SecretStr("shpat_before")) is False
	assert store_link.is_linked()


# whose header names another shop


@pytest.mark.parametrize(
	("header", "is_taken"), [(None, True), ("", True), ("own", True), ("mgt-other.myshopify.com", False)]
)
def test_the_stores_webhooks_need_no_header_with_the_shop(store_link, header, is_taken):
	store_link.uninstall()
	domain = store_link.domain if header == "own" else header
	store_link.send(**({} if domain is None else {"X_Shopify_Shop_Domain": domain}))
	wait_until_equal(store_link.is_linked, not is_taken)
