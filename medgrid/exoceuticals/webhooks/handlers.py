"""Handles the webhooks of the Exoceuticals store. Contract: "exoceuticals webhook".

The signature covers only the body, so only the body determines which order changes and how. The headers
select the topic's parser and label the record; an attacker who replays an order's webhook with other headers
gains nothing. An uninstallation is considered only if it is signed with the app's secret: other topics about
the shop have similar bodies, are signed with the shop's secret, and may be received by others.
"""

from typing import Any

from medgrid.clients.shopify.webhooks.payloads import WebhookOrder
from medgrid.clients.shopify.webhooks.uninstallation import TOPIC as UNINSTALLED
from medgrid.clients.shopify.webhooks.uninstallation import uninstalled_shop
from medgrid.exoceuticals.connect import uninstall
from medgrid.exoceuticals.fulfillment import refresh, updates
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_webhook
from medgrid.exoceuticals.webhooks.secrets import CLIENT, SECRETS, SHOP
from medgrid.webhooks.events import Event
from medgrid.webhooks.shopify import shopify_source
from medgrid.webhooks.source import Delivery, Handler, Outcome, Result

NAME = uninstall.SOURCE
ORDER_TOPICS = ("orders/updated", "orders/fulfilled", "orders/cancelled")
OTHER_SHOP = Result(Outcome.IGNORED, error="not the shop in System Settings")


def _order_changed(delivery: Delivery) -> Result:
	if _is_of_another_shop(delivery):
		return OTHER_SHOP
	snapshot = snapshot_from_webhook(WebhookOrder.model_validate(delivery.content))
	result = updates.apply(snapshot, note_check=False)
	if result.needs_refresh:
		refresh.schedule_refresh()
	return Result(Outcome(result.outcome.value), snapshot.order_id, result.sales_order)


def _order_repeated(delivery: Delivery, event: Event) -> None:
	"""Requests the order's state again. Two changes within one second that REST does not distinguish, e.g. a
	hold and its release, have identical bodies, so a repeated body may be a new change."""
	snapshot = snapshot_from_webhook(WebhookOrder.model_validate(delivery.content))
	if not (snapshot.may_hide_detail and event.sales_order):
		return
	if updates.reopen(event.sales_order, snapshot.updated_at):
		refresh.schedule_refresh()


def _uninstalled(delivery: Delivery) -> Result:
	if _is_of_another_shop(delivery):
		return OTHER_SHOP
	if delivery.signer.secret != CLIENT:
		return Result(Outcome.IGNORED, error="not signed with the app's secret")
	shop = uninstalled_shop(delivery.content)
	if shop != delivery.signer.shop:
		return OTHER_SHOP
	outcome = uninstall.note_uninstall(shop)
	return Result(outcome, shop=shop, error=None if outcome.is_waiting else "nothing to disconnect")


def _is_of_another_shop(delivery: Delivery) -> bool:
	"""Whether the header names another shop than the settings. The header is not signed and may be missing:
	it separates shops with the same app, but it does not protect against attackers."""
	return bool(delivery.signer.shop) and delivery.shop not in ("", delivery.signer.shop)


def _respond(event: Event) -> dict[str, Any]:
	return {"status": "ok", "topic": event.topic, "sales_order": event.sales_order}


WEBHOOKS = shopify_source(
	NAME,
	SECRETS,
	{
		**dict.fromkeys(ORDER_TOPICS, Handler(_order_changed, repeated=_order_repeated)),
		UNINSTALLED: Handler(_uninstalled, always=True),
	},
	_respond,
	limit="exoceuticals_webhook",
	shop_field=SHOP,
)
