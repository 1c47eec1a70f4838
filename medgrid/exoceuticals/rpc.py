"""RPC: the administrators' link to the Exoceuticals store at Shopify.

Contract: "Shopify (Exoceuticals) Integration". What every function does is in the module of that name.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

from medgrid.api import errors
from medgrid.api.endpoint import endpoint
from medgrid.api.html_pages import notice
from medgrid.api.parameters import DocumentName
from medgrid.api.responses import answer, answer_webhook, wants_page
from medgrid.clients.shopify.domains import ShopName
from medgrid.core.rate_limits import MINUTE, count_call
from medgrid.exceptions import MedgridError, NotFound, NotPermitted, RuleViolated, TooManyRequests
from medgrid.exoceuticals import jobs
from medgrid.exoceuticals.connect import installation
from medgrid.exoceuticals.fulfillment import poll
from medgrid.exoceuticals.health_report import report
from medgrid.exoceuticals.orders import admin_links, send
from medgrid.exoceuticals.webhooks import handlers, registration
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, RateLimited
from medgrid.services.failure_texts import failure_text

ADMINISTRATORS = ("System Manager",)
SELLERS = ("System Manager", "Sales Manager")
CALLBACKS_PER_MINUTE = 300


@endpoint("GET", roles=ADMINISTRATORS)
def oauth_install_url(shop: ShopName | None = None) -> dict:
	"""Begins connecting the store. Contract: "oauth_install_url".

	:param shop: its domain, in any spelling; by default the one in System Settings.
	:returns: `install_url` for the browser, good for 10 minutes; `shop`; `redirect_uri`.
	:raises InvalidInput: it is no shop's domain (400).
	:raises RuleViolated: a setting is missing; it says which (417).
	"""
	return installation.start_install(frappe.session.user, shop)


@endpoint("GET", allow_guest=True)
def oauth_callback():
	"""Where Shopify sends the administrator's browser. Contract: "oauth_callback".

	:returns: not wrapped in `message`: `status` ("success"), `shop`, `scope`, `message`; or `status`
		("error") and `message`, with HTTP 400 for a check that failed, 403 if whoever began it may not any
		more, 417 if Shopify or a setting stands in the way, 429 beyond 300 calls a minute. A browser gets a
		page that says the same.
	"""
	signed_in = None if frappe.session.user == "Guest" else frappe.session.user
	try:
		count_call("exoceuticals_callback", CALLBACKS_PER_MINUTE)
		query = frappe.request.query_string.decode("utf-8", "replace")
		body, status = installation.finish_install(query, signed_in), 200
	except MedgridError as error:
		frappe.db.rollback()
		# What Shopify or the merchant refused has no status of its own.
		body = {"status": "error", "message": failure_text(error)}
		status = errors.status_of(error, default=417)
	return _page(body["message"], status) if wants_page() else answer(body, status)


def _page(message: str, status: int):
	"""Answers a browser: a small page that can be closed."""
	title = _("Exoceuticals connected") if status == 200 else _("Exoceuticals is not connected")
	return notice(title, message, status)


@endpoint("POST", roles=ADMINISTRATORS)
def sync_catalog() -> dict:
	"""Links the store's variants to the Items that their SKUs name. Contract: "sync_catalog".

	:returns: `status`, `matched` (variants linked), `unmatched_count` (listed in Exoceuticals Unmatched
		Variant). `status` is "ok"; "running" when it takes longer than a caller waits, and a job goes on;
		or "error", with `error`, a sentence, when Shopify failed half-way: what was done is kept.
	:raises RuleViolated: a setting is missing (417).
	:raises Conflict: a catalog sync is running (409).
	"""
	return jobs.sync_now("catalog")


@endpoint("POST", roles=ADMINISTRATORS)
def sync_inventory() -> dict:
	"""Refreshes the quantities of all linked Items. Contract: "sync_inventory".

	:returns: `status` as in `sync_catalog`, `updated` (Items refreshed), `warehouse`; only where there are
		some, `missing` (Items that Shopify does not know any more, or does not stock there) and `notes`.
	:raises RuleViolated: a setting is missing or wrong (417).
	:raises Conflict: an inventory sync is running (409).
	"""
	return jobs.sync_now("inventory")


@endpoint("POST", roles=SELLERS)
def sync_to_exoceuticals(sales_order: DocumentName, line_items: list[DocumentName] | None = None) -> dict:
	"""Creates the Shopify order of a submitted Sales Order, once. Contract: "sync_to_exoceuticals".

	:param line_items: names of the order's rows; by default all whose Item Exoceuticals sells.
	:returns: `status`, `exoceuticals_order_id`, `exoceuticals_order_name`; and `left_out`, the Items that
		Exoceuticals does not sell, where there are some.
	:raises InvalidInput: a row that is not the order's (400).
	:raises NotFound: no such Sales Order (404).
	:raises NotPermitted: the caller may not write it (403).
	:raises Conflict: it was sent already, or the outcome of an earlier attempt is unknown (409).
	:raises RuleViolated: it cannot be sent as it is, or Shopify rejects it; the message says why (417).
	:raises TooManyRequests: Shopify's rate limit is used up (429).
	"""
	_check_order(sales_order)
	with _as_http_errors():
		sent = send.send(sales_order, line_items)
	result = {
		"status": "success",
		"exoceuticals_order_id": sent.order_id,
		"exoceuticals_order_name": sent.order_name,
	}
	return {**result, "left_out": sent.left_out} if sent.left_out else result


@endpoint("POST", roles=SELLERS)
def poll_exoceuticals_status(sales_order: DocumentName) -> str:
	"""Asks Shopify how far an order is, and updates the Sales Order. Contract: "poll_exoceuticals_status".

	:returns: the `exoceuticals_status`, e.g. "Fulfilled".
	:raises NotFound: no such Sales Order (404).
	:raises NotPermitted: the caller may not write it (403).
	:raises RuleViolated: it was not sent yet, or Shopify does not answer as it should (417).
	:raises TooManyRequests: Shopify's rate limit is used up (429).
	"""
	_check_order(sales_order)
	with _as_http_errors():
		return poll.poll(sales_order)


@endpoint("GET", roles=SELLERS)
def order_link(sales_order: DocumentName) -> dict:
	"""Where a sent order is in Shopify's Admin, for the button "Open in Shopify" on the Sales Order.

	:returns: `url`, e.g. "https://admin.shopify.com/store/your-store/orders/123". Asks nothing of Shopify.
	:raises NotFound: no such Sales Order (404).
	:raises NotPermitted: the caller may not write it (403).
	:raises RuleViolated: it was not sent yet, or a setting is missing (417).
	"""
	_check_order(sales_order)
	return {"url": admin_links.order_url(sales_order)}


@endpoint("POST", roles=ADMINISTRATORS)
def register_webhooks() -> dict:
	"""Subscribes to the store's webhooks for this site, where that is not done yet.

	:returns: `status`, and `webhooks`: of each `topic`, `uri`, `id` and whether it is new, `created`.
	:raises RuleViolated: a setting is missing, or Shopify does not do it (417).
	:raises TooManyRequests: Shopify's rate limit is used up (429).
	"""
	with _as_http_errors():
		return {"status": "ok", "webhooks": registration.register()}


@endpoint("GET", roles=ADMINISTRATORS)
def health() -> dict:
	"""How the link to the store is: settings, token, scopes, webhooks, the last runs, failed events.

	:returns: see `health_report.report`.
	"""
	return report()


@endpoint("POST", allow_guest=True)
def webhook() -> dict | None:
	"""Where Shopify tells what became of orders. Contract: "exoceuticals webhook".

	Whatever is signed is acknowledged, so that Shopify does not repeat what would not be readable the next
	time either; Integration Event says what came of it. Only a fault of MedGrid's own is a 500, and is
	repeated.

	:returns: `status`, `topic`, `sales_order` (name, or None); 401 with the contract's body if the signature
		is wrong.
	:raises InvalidInput: the body is larger than 2 MB (400).
	:raises TooManyRequests: too many wrong signatures from this address (429).
	"""
	return answer_webhook(handlers.WEBHOOKS)


def _check_order(sales_order: str) -> None:
	if not frappe.db.exists("Sales Order", sales_order):
		raise NotFound(_("There is no Sales Order {0}.").format(sales_order))
	# System Managers run the link to the store; a Sales Manager needs the order itself.
	if "System Manager" in frappe.get_roles() or frappe.has_permission("Sales Order", "write", sales_order):
		return
	frappe.clear_messages()
	raise NotPermitted(_("You are not permitted to do this."))


@contextmanager
def _as_http_errors() -> Iterator[None]:
	"""The store's failures, as answers to an administrator who asked for something at once.

	:raises TooManyRequests: Shopify's rate limit is used up (429).
	:raises RuleViolated: any other failure of the exchange, in its own words: nothing of ours is broken
		(417).
	"""
	try:
		yield
	except (RateLimited, DeadlineExceeded) as error:
		raise TooManyRequests(failure_text(error), retry_after=error.retry_after or MINUTE) from None
	except IntegrationError as error:
		raise RuleViolated(failure_text(error)) from None
