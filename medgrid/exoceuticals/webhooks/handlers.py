"""What the Exoceuticals store says by webhook. Contract: "exoceuticals webhook".

The signature covers the body alone, so the body alone decides what happens to which order. The headers choose
the topic's parser and label the record; whoever changes them on an order's webhook that they have seen gains
nothing. That the app was uninstalled is believed only of what is signed with the app's own secret: the bodies
of other topics about the shop, which others may receive, are signed with the shop's.
"""

from typing import Any

from medgrid.clients.shopify.webhooks.payloads import WebhookOrder
from medgrid.clients.shopify.webhooks.uninstallation import TOPIC as UNINSTALLED
from medgrid.clients.shopify.webhooks.uninstallation import uninstallation
from medgrid.exoceuticals.connect import uninstall
from medgrid.exoceuticals.fulfillment import refresh, updates
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_webhook
from medgrid.exoceuticals.webhooks.secrets import CLIENT, SECRETS, SHOP
from medgrid.webhooks.events import Event
from medgrid.webhooks.shopify import shopify_source
from medgrid.webhooks.source import Delivery, Handler, Outcome, Result

NAME = "exoceuticals"
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
	"""Two changes within one second that REST cannot tell apart, as a hold and its release, have one body."""
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
	told = uninstallation(delivery.content, delivery.triggered_at)
	if told.shop != delivery.signer.shop:
		return OTHER_SHOP
	if not uninstall.forget_token(told):
		return Result(Outcome.IGNORED, error="nothing to disconnect")
	return Result(Outcome.DISCONNECTED)


def _is_of_another_shop(delivery: Delivery) -> bool:
	"""The header is a hint, and may be missing: it keeps another shop of the same app apart, no attacker."""
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
