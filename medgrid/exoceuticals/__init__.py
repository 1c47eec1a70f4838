"""RPC: the administrators' link to the Exoceuticals store at Shopify.

Contract: "Shopify (Exoceuticals) Integration". What every function does is in the module of that name.
"""

import frappe

from medgrid.api import endpoint
from medgrid.api.limits import count
from medgrid.api.raw import wants_page
from medgrid.exceptions import MedgridError
from medgrid.exoceuticals import catalog, inventory, oauth, syncing
from medgrid.integrations.shopify.domains import ShopName

ADMINISTRATORS = ("System Manager",)
CALLBACKS_PER_MINUTE = 60


@endpoint("GET", roles=ADMINISTRATORS)
def oauth_install_url(shop: ShopName | None = None) -> dict:
	"""Begins connecting the store. Contract: "oauth_install_url".

	:param shop: its domain, in any spelling; by default the one in System Settings.
	:returns: `install_url` for the browser, good for 10 minutes; `shop`; `redirect_uri`.
	:raises InvalidInput: it is no shop's domain (400).
	:raises RuleViolated: a setting is missing; it says which (417).
	"""
	return oauth.start_install(frappe.session.user, shop)


@endpoint("GET", allow_guest=True)
def oauth_callback():
	"""Where Shopify sends the administrator's browser. Contract: "oauth_callback".

	:returns: not wrapped in `message`: `status` ("success"), `shop`, `scope`, `message`; or `status`
		("error") and `message`, with HTTP 400 for a check that failed, 403 if whoever began it may not any
		more, 417 if Shopify or a setting stands in the way, 429 beyond 60 calls a minute. A browser gets a
		page that says the same.
	"""
	signed_in = None if frappe.session.user == "Guest" else frappe.session.user
	try:
		count("exoceuticals_callback", CALLBACKS_PER_MINUTE)
		query = frappe.request.query_string.decode("utf-8", "replace")
		body, status = oauth.finish_install(query, signed_in), 200
	except MedgridError as error:
		frappe.db.rollback()
		body, status = oauth.failure(error)
	return oauth.page(body, status) if wants_page() else oauth.body(body, status)


@endpoint("POST", roles=ADMINISTRATORS)
def sync_catalog() -> dict:
	"""Links the store's variants to the Items that their SKUs name. Contract: "sync_catalog".

	:returns: `status`, `matched` (variants linked), `unmatched_count` (listed in Exoceuticals Unmatched
		Variant). `status` is "ok"; "running" when it takes longer than a caller waits, and a job goes on;
		or "error", with `error`, a sentence, when Shopify failed half-way: what was done is kept.
	:raises RuleViolated: a setting is missing (417).
	:raises Conflict: a catalog sync is running (409).
	"""
	return syncing.sync_now(catalog)


@endpoint("POST", roles=ADMINISTRATORS)
def sync_inventory() -> dict:
	"""Refreshes the quantities of all linked Items. Contract: "sync_inventory".

	:returns: `status` as in `sync_catalog`, `updated` (Items refreshed), `warehouse`; only where there are
		some, `missing` (Items that Shopify does not know any more, or does not stock there) and `notes`.
	:raises RuleViolated: a setting is missing or wrong (417).
	:raises Conflict: an inventory sync is running (409).
	"""
	return syncing.sync_now(inventory)
