"""RPC: the administrators' link to the Exoceuticals store at Shopify.

Contract: "Shopify (Exoceuticals) Integration".
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

from medgrid.api import errors
from medgrid.api.endpoint import endpoint
from medgrid.api.html_pages import notice
from medgrid.api.parameters import DocumentName, DocumentNames
from medgrid.api.responses import (
	answer,
	answer_webhook,
	query_string,
	sign_in_and_come_back,
	visitor,
	wants_page,
)
from medgrid.clients.shopify.domains import ShopName
from medgrid.clients.shopify.oauth.installation import SessionNeeded
from medgrid.core.rate_limits import MINUTE
from medgrid.exceptions import (
	MedgridError,
	NotFound,
	NotPermitted,
	RuleViolated,
	TooManyRequests,
)
from medgrid.exoceuticals import jobs
from medgrid.exoceuticals.connect import installation
from medgrid.exoceuticals.fulfillment import poll
from medgrid.exoceuticals.health_report import report
from medgrid.exoceuticals.orders import admin_links, send
from medgrid.exoceuticals.webhooks import handlers, registration
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, RateLimited
from medgrid.services.callers import count_call
from medgrid.services.failure_texts import failure_text

ADMINISTRATORS = ("System Manager",)
SELLERS = ("System Manager", "Sales Manager")
CALLBACKS_PER_MINUTE = 300


@endpoint("GET", roles=ADMINISTRATORS)
def oauth_install_url(shop: ShopName | None = None) -> dict:
	"""Begins connecting the store. Contract: "oauth_install_url".

	:param shop: the shop's domain, in any spelling; by default the one in System Settings.
	:returns: `install_url` for the browser, valid for 10 minutes; `shop`; `redirect_uri`.
	:raises InvalidInput: `shop` is not a shop's domain (400).
	:raises RuleViolated: a setting is missing; the message names it (417).
	"""
	return installation.start_install(frappe.session.user, shop)


@endpoint("GET", allow_guest=True, page=True)
def oauth_callback():
	"""Finishes connecting the store: Shopify redirects the administrator's browser here.
	Contract: "oauth_callback".

	:returns: not wrapped in `message`: `status` ("success"), `shop`, `scope`, `message`; or `status`
		("error") and `message`, with HTTP 400 if a check failed, 403 if the user who began is no longer
		permitted to connect the store, 417 if Shopify refused or a setting is missing, 429 beyond 300 calls
		a minute. A browser gets the message as a page; if no user is signed in, it is redirected to the login
		page first, which leads back here.
	"""
	try:
		count_call("exoceuticals_callback", CALLBACKS_PER_MINUTE)
		body, status = installation.finish_install(query_string(), visitor()), 200
	except SessionNeeded:
		return sign_in_and_come_back(installation.CALLBACK)
	except MedgridError as error:
		frappe.db.rollback()
		# The API layer defines no status for a refusal of Shopify or the merchant.
		body = {"status": "error", "message": failure_text(error)}
		status = errors.status_of(error, default=417)
		errors.note_retry_after(error)
	return _page(body["message"], status) if wants_page() else answer(body, status)


def _page(message: str, status: int):
	"""Builds the page for a browser."""
	title = _("Exoceuticals connected") if status == 200 else _("Exoceuticals is not connected")
	return notice(title, message, status)


@endpoint("POST", roles=ADMINISTRATORS)
def sync_catalog() -> dict:
	"""Links the store's variants to the Items that their SKUs name. Contract: "sync_catalog".

	:returns: `status`, `matched` (the number of linked variants), `unmatched_count` (the number listed in
		Exoceuticals Unmatched Variant). `status` is "ok", or "running" if the sync takes longer than a caller
		waits, and a job continues.
	:raises RuleViolated: a setting is missing, or Shopify failed (417). The variants that were processed
		before a failure stay linked; the message names the Sync Run that counts them.
	:raises Conflict: a catalog sync is running (409).
	:raises TooManyRequests: Shopify's rate limit is reached (429).
	"""
	return jobs.sync_now("catalog")


@endpoint("POST", roles=ADMINISTRATORS)
def sync_inventory() -> dict:
	"""Refreshes the quantities of all linked Items. Contract: "sync_inventory".

	:returns: `status` as in `sync_catalog`, `updated` (the number of refreshed Items), `warehouse`; if there
		are any, `missing` (Items that Shopify no longer has or does not stock at the location) and `notes`
		(sentences).
	:raises RuleViolated: a setting is missing or wrong, or Shopify failed, as in `sync_catalog` (417).
	:raises Conflict: an inventory sync is running (409).
	:raises TooManyRequests: Shopify's rate limit is reached (429).
	"""
	return jobs.sync_now("inventory")


@endpoint("POST", roles=SELLERS)
def sync_to_exoceuticals(sales_order: DocumentName, line_items: DocumentNames | None = None) -> dict:
	"""Creates the Shopify order of a submitted Sales Order, once. Contract: "sync_to_exoceuticals".

	:param sales_order: the name of the Sales Order.
	:param line_items: names of the order's rows; by default all whose Item Exoceuticals sells.
	:returns: `status`, `exoceuticals_order_id`, `exoceuticals_order_name`; and `left_out`, the Items that
		Exoceuticals does not sell, if there are any.
	:raises InvalidInput: `line_items` is empty or names a row that the order does not have (400).
	:raises NotFound: the Sales Order does not exist (404).
	:raises NotPermitted: the caller may not write it (403).
	:raises Conflict: it was sent already, or the outcome of an earlier attempt is unknown (409).
	:raises RuleViolated: it cannot be sent as it is, or Shopify rejects it or cannot be reached; the message
		says why (417). After a failure of Shopify, MedGrid sends it again by itself.
	:raises TooManyRequests: Shopify's rate limit is reached (429).
	"""
	_check_order(sales_order)
	tries_again = _(
		"MedGrid sends the order again by itself. If it is not to be sent, cancel it or put it on hold."
	)
	with _as_http_errors(tries_again):
		sent = send.send(sales_order, line_items)
	result = {
		"status": "success",
		"exoceuticals_order_id": sent.order_id,
		"exoceuticals_order_name": sent.order_name,
	}
	return {**result, "left_out": sent.left_out} if sent.left_out else result


@endpoint("POST", roles=SELLERS)
def poll_exoceuticals_status(sales_order: DocumentName) -> str:
	"""Requests the state of an order from Shopify and updates the Sales Order.
	Contract: "poll_exoceuticals_status".

	:param sales_order: the name of the Sales Order.
	:returns: the `exoceuticals_status`, e.g. "Fulfilled".
	:raises NotFound: the Sales Order does not exist (404).
	:raises NotPermitted: the caller may not write it (403).
	:raises RuleViolated: it was not sent, or the request to Shopify failed (417).
	:raises TooManyRequests: Shopify's rate limit is reached (429).
	"""
	_check_order(sales_order)
	with _as_http_errors():
		return poll.poll(sales_order)


@endpoint("GET", roles=SELLERS)
def order_link(sales_order: DocumentName) -> dict:
	"""Returns the URL of a sent order in Shopify's Admin, for the button "Open in Shopify" of a Sales
	Order. It sends no request to Shopify.

	:param sales_order: the name of the Sales Order.
	:returns: `url`, e.g. "https://admin.shopify.com/store/your-store/orders/123".
	:raises NotFound: the Sales Order does not exist (404).
	:raises NotPermitted: the caller may not write it (403).
	:raises RuleViolated: it was not sent, or a setting is missing (417).
	"""
	_check_order(sales_order)
	return {"url": admin_links.order_url(sales_order)}


@endpoint("POST", roles=ADMINISTRATORS)
def register_webhooks() -> dict:
	"""Subscribes this site to the store's webhooks that it is not subscribed to yet.

	:returns: `status`, and `webhooks`: for each subscription `topic`, `uri`, `id` and `created` (whether it
		is new).
	:raises RuleViolated: a setting is missing, or the request to Shopify failed (417).
	:raises TooManyRequests: Shopify's rate limit is reached (429).
	"""
	with _as_http_errors():
		return {"status": "ok", "webhooks": registration.register()}


@endpoint("GET", roles=ADMINISTRATORS)
def health() -> dict:
	"""Checks the link to the store: settings, token, scopes, webhooks, the last runs, failed events.

	:returns: see `health_report.report`.
	"""
	return report()


@endpoint("POST", allow_guest=True, max_body_bytes=handlers.WEBHOOKS.max_bytes, signed_body=True)
def webhook() -> dict | None:
	"""Receives the store's webhooks. Contract: "exoceuticals webhook".

	Every delivery with a valid signature is acknowledged, even if MedGrid cannot process it: Shopify would
	only send the same body again. Integration Event records the outcome. A fault in MedGrid is a 500, and
	Shopify sends the webhook again.

	:returns: `status`, `topic`, `sales_order` (name, or None); 401 with the contract's body if the signature
		is invalid.
	:raises TooManyRequests: this address sent too many invalid signatures (429).
	"""
	return answer_webhook(handlers.WEBHOOKS)


def _check_order(sales_order: str) -> None:
	if not frappe.db.exists("Sales Order", sales_order):
		raise NotFound(_("There is no Sales Order {0}.").format(sales_order))
	# A System Manager administers the link to the store; a Sales Manager needs permission for the order.
	if "System Manager" in frappe.get_roles() or frappe.has_permission("Sales Order", "write", sales_order):
		return
	frappe.clear_messages()
	raise NotPermitted(_("You are not permitted to do this."))


@contextmanager
def _as_http_errors(what_follows: str = "") -> Iterator[None]:
	"""Turns failed requests to the store into errors with an HTTP status.

	:param what_follows: a sentence for the caller of what MedGrid does after the failure.
	:raises TooManyRequests: Shopify's rate limit or the time limit is reached (429).
	:raises RuleViolated: the exchange failed otherwise; the message says why (417). It is no 500, because
		MedGrid has no fault.
	"""
	try:
		yield
	except (RateLimited, DeadlineExceeded) as error:
		sentence = f"{failure_text(error)} {what_follows}".strip()
		raise TooManyRequests(sentence, retry_after=error.retry_after or MINUTE) from None
	except IntegrationError as error:
		raise RuleViolated(f"{failure_text(error)} {what_follows}".strip()) from None
