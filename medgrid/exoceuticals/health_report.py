"""A report on the link to the store, for administrators and their monitoring. It changes nothing."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import APP_INSTALLATION
from medgrid.clients.shopify.oauth.scopes import missing as missing_scopes
from medgrid.clients.shopify.webhooks import subscriptions
from medgrid.core.clock import stored_utc_now, stored_utc_text
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.connect.installation import SCOPES
from medgrid.exoceuticals.orders.order_records import DOCTYPE, conclusive_attempts
from medgrid.exoceuticals.settings import PREFIX, StoreSettings
from medgrid.exoceuticals.webhooks import handlers, registration
from medgrid.http_client.errors import IntegrationError
from medgrid.outbox.parked import parked, parked_for_site
from medgrid.outbox.rows import other_doctypes
from medgrid.services.failure_texts import failure_text
from medgrid.sync import history
from medgrid.sync.job import Job
from medgrid.webhooks import events

SECONDS = 20
EVENT_DAYS = 7
KINDS = ("catalog", "inventory", "reconciliation")
REMOTE_LISTS = ("scopes", "missing_scopes", "webhooks", "missing_webhooks")
# The settings that every feature together needs. Webhooks also need one of the two secrets.
NEEDED = ("shop_domain", "api_token", "location_id", "warehouse")


def report() -> dict[str, Any]:
	"""Checks the link to the store.

	:returns: `status` ("ok", "attention", "not_configured"); `problems` (sentences); and the facts on which
		both are based: `configured`, `missing_settings`, `shop`, `token_works`, `token_error`, `scopes`,
		`missing_scopes`, `webhooks` (topics that MedGrid has subscribed to), `missing_webhooks`, `runs` (by
		kind: status, counts, duration in seconds), `events` (received and failed in 7 days) and
		`orders_in_doubt` (the number of Sales Orders whose outcome is unknown and can be looked up now).
	"""
	store = settings.load()
	missing = [PREFIX + name for name in NEEDED if not getattr(store, name)]
	if not (store.webhook_secret or store.client_secret):
		missing.append(f"{PREFIX}webhook_secret")
	result = {
		"configured": not missing,
		"missing_settings": missing,
		"shop": store.shop_domain,
		**_remote(store),
		"runs": {kind: history.last(Job(kind)) for kind in KINDS},
		"events": _events(store.shop_domain),
		"orders_in_doubt": len(conclusive_attempts()),
	}
	problems = [*_problems(result, has_admin_webhooks=bool(store.webhook_secret)), *_parked_orders()]
	status = "not_configured" if not store.is_connected() else "attention" if problems else "ok"
	return {"status": status, "problems": problems, **result}


def _parked_orders() -> list[str]:
	"""What the records of orders say: those that go on only when somebody of this site acts."""
	at_store = _("{0} Sales Orders were not sent to the store. See Exoceuticals Order.")
	for_site = _("{0} orders for vendors have failed and wait for you. See ShipStation Order.")
	counted = ((at_store, parked(DOCTYPE)), (for_site, parked_for_site(other_doctypes(DOCTYPE))))
	return [sentence.format(count) for sentence, count in counted if count]


def _remote(store: StoreSettings) -> dict[str, Any]:
	"""Requests from Shopify what the token permits and which webhooks are registered."""
	unknown = {"token_works": False, "token_error": None, **{key: [] for key in REMOTE_LISTS}}
	if not store.is_connected():
		return unknown
	with store_client(store, seconds=SECONDS) as client:
		try:
			granted = _granted_scopes(client)
		except IntegrationError as error:
			return {**unknown, "token_error": failure_text(error)}
		registered = _registered_topics(client)
	return {
		"token_works": True,
		"token_error": None,
		"scopes": sorted(granted),
		"missing_scopes": missing_scopes(granted, SCOPES),
		"webhooks": registered,
		"missing_webhooks": [topic for topic in registration.TOPICS if topic not in registered],
	}


def _granted_scopes(client: ShopifyClient) -> set[str]:
	return {scope.handle for scope in client.query(APP_INSTALLATION).accessScopes}


def _registered_topics(client: ShopifyClient) -> list[str]:
	"""The topics of MedGrid's webhook subscriptions for this site; none if the request fails."""
	with suppress(IntegrationError):
		url = registration.webhook_url()
		return sorted(each.topic for each in subscriptions.existing(client) if each.uri == url)
	return []


def _events(shop: str | None) -> dict[str, Any]:
	since = stored_utc_now() - timedelta(days=EVENT_DAYS)
	ours = {"source": handlers.NAME, "shop": shop or ""}
	recent = {**ours, "received_at": (">=", since)}
	latest = frappe.get_all(events.DOCTYPE, ours, pluck="received_at", order_by="received_at desc", limit=1)
	return {
		"days": EVENT_DAYS,
		"received": frappe.db.count(events.DOCTYPE, recent),
		"failed": frappe.db.count(events.DOCTYPE, {**recent, "outcome": "Failed"}),
		"last_received_at": stored_utc_text(latest[0]) if latest else None,
	}


def _problems(result: dict[str, Any], *, has_admin_webhooks: bool) -> list[str]:
	"""
	:param has_admin_webhooks: webhooks may have been created in Shopify's Admin; Shopify does not show these
		to apps.
	"""
	missing = _("The setting {0} is missing. Set it in System Settings.")
	problems = [missing.format(name) for name in result["missing_settings"]]
	if result["token_error"]:
		problems.append(result["token_error"])
	for key, sentence in (
		("missing_scopes", _("The scope {0} is not granted. Install the app again.")),
		("missing_webhooks", _("There is no webhook for {0}. Register the webhooks.")),
	):
		if not (key == "missing_webhooks" and has_admin_webhooks and result["token_works"]):
			problems += [sentence.format(name) for name in result[key]]
	for kind, run in result["runs"].items():
		if run and run["error"]:
			problems.append(f"{kind}: {run['error']}")
	if result["events"]["failed"]:
		failed = _("{0} webhooks could not be processed. See Integration Event.")
		problems.append(failed.format(result["events"]["failed"]))
	if result["orders_in_doubt"]:
		count = result["orders_in_doubt"]
		sentence = _("The outcome of {0} Sales Orders is unknown. The next reconciliation checks it.")
		problems.append(sentence.format(count))
	return problems
