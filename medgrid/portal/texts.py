"""The texts that the portal's scripts display, in the reader's language. The script fills in `{0}` and `{1}`.

The scripts contain no sentences themselves, so that Frappe finds all of them here, inside `_()`.
"""

import frappe
from frappe import _

from medgrid.integrations.accounts import order_rules
from medgrid.integrations.vendor_orders import words
from medgrid.integrations.vendor_products import states as product_states
from medgrid.services.session_texts import no_csrf_token
from medgrid.services.support import how_to_reach_us, us

# What a card shows when an answer comes, by how its account is connected.
ANSWERS = {
	"api_key_secret": ("connecting", "keys_advice"),
	"oauth": ("shopify_waiting", "shopify_closed", "shopify_blocked", "shopify_gave_up"),
	"phone_verification": ("code_sent", "resend_code"),
}


def shared() -> dict[str, str]:
	"""The texts for every page."""
	return {
		"unreachable": _("MedGrid cannot be reached. Check your connection, then try again."),
		"signed_out": _("You are not signed in any more. Reload the page to sign in again."),
		"wrong_password": _("The password is not right. Try again."),
		"sign_in_elsewhere": _(
			"Your account needs more than a password. Sign in in a new tab, then come back."
		),
		"broken": _("Something went wrong on this page. Reload it, then try again."),
		"failed": _("Something failed at MedGrid's end. Try again in a few minutes."),
		"no_csrf_token": no_csrf_token(),
		"stale_page": _("This page is out of date. Reload it, then try again."),
		"acknowledged": _("You have said that you do not ship {0}."),
		"slow": _("This takes longer than usual."),
	}


def statuses() -> dict[str, str]:
	"""The words for a connection's status, or for one that is paused. Contract: "Status Values"."""
	return {
		"connected": _("Connected"),
		"not_connected": _("Not connected"),
		"error": _("Needs attention"),
		"syncing": _("Syncing"),
		"paused": _("Paused"),
	}


def paused_by() -> str:
	"""The sentence about a connection that is paused, with a place for the user who paused it."""
	return _("{0} has paused this connection: nothing is exchanged until somebody resumes it.")


def stats() -> dict[str, str]:
	"""The words for the keys of a connection's stats; for other keys the page shows the key."""
	return {
		"orders_pushed": _("Orders pushed"),
		"tracking_pulled": _("Tracking numbers pulled"),
		"orders_waiting": _("Orders waiting"),
		"orders_failed": _("Orders failed"),
		"orders_sent_today": _("Sent today"),
		"products_pulled": _("Products pulled"),
		"verified_phone": _("Verified phone"),
		"alerts": _("Alerts"),
	}


def stat_values() -> dict[str, dict[str, str]]:
	"""The words for the values of those stats whose values are MedGrid's own codes."""
	number = frappe.db.get_single_value("Medgrid Settings", "sendblue_from_number")
	off = _("Off. Text START to {0} to get them again.").format(number) if number else None
	return {"alerts": {"on": _("On"), "off": off or _("Off. Text START to get them again.")}}


def orders_to_send() -> str:
	"""The sentence about orders that are sent as soon as ShipStation is connected, with a place for their
	number."""
	return _("Orders that wait for you: {0}. MedGrid sends them when you connect.")


def takes() -> dict[str, str]:
	"""Which orders a ShipStation account gets, by `routing.Takes`."""
	return {
		"all": _("All your orders go to this account."),
		"matching": _("Orders with a row of one of these go to this account:"),
		"matching_and_rest": _(
			"Orders with a row of one of these go to this account, and all that no account's rule matches:"
		),
		"rest": _("All orders that no other account's rule matches go to this account."),
		"nothing": _("No order goes to this account yet. Say below which ones do."),
	}


def rule_part() -> str:
	"""A part of a rule, with places for its kind and its name."""
	return _("{0}: {1}")


def shopify_reasons() -> dict[str, str]:
	"""Why a store was not connected, by the `reason` in the address to which `shopify_callback` redirects."""
	return {
		"denied": _("Shopify was not connected: the request was not approved."),
		"scopes": _("Shopify was not connected: not every permission was granted. Approve them all."),
		"state": _("Shopify was not connected: the approval took too long or was used before. Start again."),
		"hmac": _("Shopify was not connected: the answer was not signed by Shopify. Start again."),
		"shop": _("Shopify was not connected: the store's address is not valid."),
		"taken": _(
			"Shopify was not connected: the store is already connected by another Supplier. MedGrid's"
			" administrators were notified. Ask {0} if the store is yours."
		).format(us()),
		"failed": _("Shopify was not connected: something failed on the way. Try again in a few minutes."),
	}


def partial_advice(waiting: int = 0, failed: int = 0) -> str:
	"""What a vendor can do about single documents that failed in a sync that succeeded.

	:param waiting: the number of orders that are not sent yet.
	:param failed: the number of orders that are parked.
	"""
	if waiting or failed:
		return orders_left().format(waiting, failed)
	return _(
		"Everything else was exchanged. Each sync tries again; if it keeps failing, contact {0}."
	).format(us())


def orders_left() -> str:
	"""The sentence about orders that are not sent, with places for the waiting and the failed ones."""
	return _(
		"Each sync tries again to send the orders that wait: {0}. Failed: {1}. The page Orders says why, and"
		" who has to act."
	)


def integrations() -> dict:
	"""The texts for `/portal/integrations`."""
	return {
		"statuses": statuses(),
		"stats": stats(),
		"stat_values": stat_values(),
		"never": _("Never"),
		"field_missing": _("This field is empty."),
		"connecting": _("Testing your keys…"),
		# The same sentence as in `services.failure_texts`.
		"keys_rejected": _("Invalid API Key or Secret — ShipStation rejected the credentials."),
		"key_characters": _(
			"A key has no blanks and no special characters. Copy it again, without the text around it."
		),
		"keys_advice": _("Copy both from ShipStation: Settings, Account, API Settings, API V1 (not V2)."),
		"connected": _("{0} is connected."),
		"testing": _("Testing the connection…"),
		"test_ok": _("The connection works."),
		"sync_running": _("A sync is running. It continues if you leave this page."),
		"sync_done": _("Sync finished."),
		"sync_deferred": _("Part of the sync continues in the background. You can leave this page."),
		"sync_failed": _("The sync failed. The text above says what you can do."),
		"sync_done_waiting": _("Sync finished. Orders that still wait: {0}."),
		"partial_advice": partial_advice(),
		"orders_left": orders_left(),
		"some_failed": _("Part of the sync failed:"),
		"disconnect_title": _("Disconnect {0}?"),
		"disconnect_text": _("MedGrid deletes the stored credentials and keeps the records of past syncs."),
		"disconnect": _("Disconnect"),
		"disconnected": _("{0} is disconnected."),
		"paused_by": paused_by(),
		"pause": _("Pause"),
		"stop": _("Stop"),
		"paused": _("{0} is paused."),
		"paused_left": _("{0} is paused. Orders left: {1}. Resume it when they are to be sent."),
		"orders_done": _("{0} of {1} orders are sent."),
		"orders_to_send": orders_to_send(),
		"sync_waits": _(
			"The remaining orders are sent automatically: ShipStation limits the requests per minute."
		),
		"resumed": _("{0} is resumed. The next sync begins within minutes."),
		"takes": takes(),
		"kinds": order_rules.words(),
		"rule_part": rule_part(),
		"remove": _("Remove"),
		"remove_part": _("Remove from the rule: {0}"),
		"rule_saved": _("The rule is saved. Orders that wait go by it."),
		"store_saved": _("The store is saved."),
		"store_name": _("{0} ({1})"),
		"loading_choices": _("Asking ShipStation for your stores…"),
		"choices_found": _("Found: {0}. Choose one below."),
		"more_choices": _("Not all are listed below. Search for the others by their names."),
		"no_choices": _("No warehouse, brand or item group has such a name."),
		"account_taken": _("You have connected an account with this name. Choose another name."),
		"shop_address": _(
			"This is not the address that we need, which ends in .myshopify.com. Open your store's admin, and"
			" copy the address from there, or see Settings, Domains in Shopify."
		),
		"shopify_starting": _("Preparing the connection…"),
		"shopify_waiting": _("Approve MedGrid in the Shopify window. This page updates when you are done."),
		"shopify_closed": _(
			"Is the Shopify window closed? If you did not approve MedGrid there, connect once more."
		),
		"shopify_blocked": _("Your browser blocked the Shopify window. Open it with the link above."),
		"shopify_gave_up": _("Nothing came back from Shopify. Start again when you are ready."),
		"shopify_reasons": shopify_reasons(),
		"close_window": _("You can close this window."),
		"resend_code": _("Enter your number to get a new code."),
		"code_sent": _("We sent a code to {0}."),
		"code_wrong": _("Enter the six digits of the code."),
		"phone_verified": _("Your phone number is verified."),
	}


def room(shown: dict) -> dict[str, str]:
	"""The longest text of each kind in ANSWERS. The page keeps room for it.

	:param shown: what `integrations` returns.
	"""
	return {kind: max((shown[key] for key in keys), key=len) for kind, keys in ANSWERS.items()}


def _with_contact(sentence: str) -> str:
	return f"{sentence} {how_to_reach_us()}".strip()


def orders() -> dict:
	"""The texts for `/portal/orders`."""
	return {
		"states": words.states(),
		"acts": {
			"vendor": _("You have to act."),
			"wholesaler": _with_contact(_("The wholesaler has to act.")),
			"administrator": _with_contact(_("MedGrid's administrator has to act.")),
		},
		"shown": _("{0} of {1} orders shown."),
		"all_shown": _("Orders: {0}."),
		"nothing_here": _("There is no order for you yet."),
		"nothing_found": _("No order matches."),
		"shipstation_order": _("ShipStation: {0}"),
		"next_attempt": _("Next attempt:"),
		"retry": _("Retry now"),
		"retry_order": _("Retry now: {0}"),
		"voided": _("voided"),
		"retried_one": _("{0} is due again. MedGrid sends it within minutes, if ShipStation is connected."),
		"retried_all": _("Due again: {0}. MedGrid sends them within minutes, if ShipStation is connected."),
		"retried_left": _("Still failed: {0}. Press the button once more."),
	}


def products() -> dict:
	"""The texts for `/portal/products`."""
	return {
		"product_states": product_states.words(),
		"shop_states": product_states.shop_words(),
		"shown": _("{0} of {1} products shown."),
		"all_shown": _("Products: {0}."),
		"nothing_here": _("No sync has seen a product of yours yet. Connect Shopify, then sync."),
		"nothing_found": _("No product matches."),
	}


def settings() -> dict[str, str]:
	"""The texts for `/portal/settings`."""
	return {
		"regenerate_title": _("Generate a new secret?"),
		"regenerate_text": _("The old secret stops working at once, in every program that uses it."),
		"regenerate": _("Generate new secret"),
		"revoke_title": _("Revoke your keys?"),
		"revoke_text": _("Every program that uses them loses access at once."),
		"revoke": _("Revoke keys"),
		"revoked": _("Your keys are revoked."),
		"copied": _("Copied."),
		"copy_failed": _("The browser did not let us copy. Select the text and copy it yourself."),
		"mails_on": _("You get them."),
		"mails_off": _("You do not get them."),
		"turn_mails_on": _("Send me these mails"),
		"turn_mails_off": _("Send me no such mails"),
	}


def unsubscribe() -> dict[str, str]:
	"""The texts for `/portal/unsubscribe`."""
	return {"unsubscribed": _("You get no more mails about your connections.")}


def catalog() -> dict[str, str]:
	"""The texts for `/portal/catalog`."""
	return {
		"loading": _("Loading items…"),
		"shown": _("{0} items shown, more below."),
		"all_shown": _("{0} items."),
		"one_shown": _("One item."),
		"nothing_here": _("This warehouse holds nothing at the moment."),
		"type_to_search": _("Type a name to search all warehouses."),
		"nothing_found": _("Nothing in stock matches “{0}”."),
		"no_price": _("No price"),
	}
