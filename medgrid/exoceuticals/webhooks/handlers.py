"""Handles the webhooks of the Exoceuticals store. Contract: "exoceuticals webhook".

The signature covers only the body, so only the body determines which order changes and how. The headers
select the topic's parser and label the record; an attacker who replays an order's webhook with other headers
gains nothing. If the topic says more than the body ("orders/cancelled" about an order that the body does not
call cancelled), a job asks Shopify, and what it answers is set.

An uninstallation is considered only if it is signed with the app's secret: other topics about the shop have
similar bodies, are signed with the shop's secret, and may be received by others.
"""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from medgrid.clients.shopify.gid import gid
from medgrid.clients.shopify.webhooks.payloads import IdNumber, WebhookOrder
from medgrid.clients.shopify.webhooks.uninstallation import TOPIC as UNINSTALLED
from medgrid.clients.shopify.webhooks.uninstallation import uninstalled_shop
from medgrid.exoceuticals.connect import uninstall
from medgrid.exoceuticals.fulfillment import refresh, updates
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_webhook
from medgrid.exoceuticals.fulfillment.status import CANCELLED, FULFILLED
from medgrid.exoceuticals.webhooks.secrets import CLIENT, SECRETS, SHOP
from medgrid.http_client.partial_reading import in_words, read_partly
from medgrid.webhooks.events import Event
from medgrid.webhooks.shopify import shopify_source
from medgrid.webhooks.source import Delivery, Handler, HandlerResult, WebhookOutcome

NAME = uninstall.SOURCE
ORDER_TOPICS = ("orders/updated", "orders/fulfilled", "orders/cancelled")
# What a topic says by itself. Contract: "Supported Topics".
SAYS = {"orders/fulfilled": FULFILLED, "orders/cancelled": CANCELLED}
ASKED = "the topic says more than the body; Shopify is asked for the order's state"
ODD = "not all of the body can be read, and Shopify is asked for the order's state: {0}"
ORDER_ID: TypeAdapter[int] = TypeAdapter(IdNumber)
OTHER_SHOP = HandlerResult(WebhookOutcome.IGNORED, error="not the shop in System Settings")


def _order_changed(delivery: Delivery) -> HandlerResult:
	if _is_of_another_shop(delivery):
		return OTHER_SHOP
	try:
		partial = read_partly(WebhookOrder, delivery.content)
	except ValidationError:
		if only_topic := _only_topic(delivery):
			return only_topic
		raise
	snapshot = snapshot_from_webhook(partial.record, partial.problems)
	result = updates.apply(snapshot, note_check=False)
	if partial.problems and not result.sales_order:
		# Of an order that is not MedGrid's, only what is wrong with the body is of interest.
		return _only_topic(delivery) or HandlerResult(WebhookOutcome.FAILED, error=in_words(partial.problems))
	asks = bool(result.sales_order) and _says_more(delivery.topic, result.status)
	if result.sales_order and (asks or partial.problems):
		updates.mark_pending(result.sales_order)
	if asks or partial.problems or result.needs_refresh:
		refresh.schedule_refresh()
	said = [ASKED] if asks else []
	if partial.problems:
		said.append(ODD.format(in_words(partial.problems)))
	return HandlerResult(
		WebhookOutcome(result.outcome.value), snapshot.order_id, result.sales_order, "; ".join(said) or None
	)


def _says_more(topic: str, status: str | None) -> bool:
	"""Whether a topic says of an order what its status, after the body was read, is not."""
	return topic in SAYS and status not in (SAYS[topic], CANCELLED)


def _only_topic(delivery: Delivery) -> HandlerResult | None:
	"""Asks Shopify about an order of which the body has the id only; None: it has none, or the topic says
	nothing."""
	if delivery.topic not in SAYS:
		return None
	try:
		order_id = gid("Order", ORDER_ID.validate_python(delivery.content.get("id")))
	except ValidationError:
		return None
	sales_order = updates.find_and_mark_pending(order_id)
	if not sales_order:
		return HandlerResult(WebhookOutcome.UNKNOWN_ORDER, order_id)
	refresh.schedule_refresh()
	return HandlerResult(WebhookOutcome.UNCHANGED, order_id, sales_order, ASKED)


def _order_repeated(delivery: Delivery, event: Event) -> None:
	"""Requests the order's state again. Two changes within one second that REST does not distinguish, e.g. a
	hold and its release, have identical bodies, so a repeated body may be a new change."""
	partial = read_partly(WebhookOrder, delivery.content)
	snapshot = snapshot_from_webhook(partial.record, partial.problems)
	if not (snapshot.may_hide_detail and event.sales_order):
		return
	if updates.reopen(event.sales_order, snapshot.updated_at):
		refresh.schedule_refresh()


def _uninstalled(delivery: Delivery) -> HandlerResult:
	if _is_of_another_shop(delivery):
		return OTHER_SHOP
	if delivery.signer.secret != CLIENT:
		return HandlerResult(WebhookOutcome.IGNORED, error="not signed with the app's secret")
	shop = uninstalled_shop(delivery.content)
	if shop != delivery.signer.shop:
		return OTHER_SHOP
	outcome = uninstall.note_uninstall(shop)
	return HandlerResult(outcome, shop=shop, error=None if outcome.is_waiting else "nothing to disconnect")


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
	respond=_respond,
	limit="exoceuticals_webhook",
	shop_field=SHOP,
)
