"""The cards of `/portal/integrations`: entries of `list_connections` with the texts that the page
displays."""

from collections import defaultdict
from typing import Any

from medgrid.exceptions import RuleViolated
from medgrid.integrations.accounts import order_rules
from medgrid.integrations.accounts.listing import accounts
from medgrid.integrations.availability import missing_set_up
from medgrid.integrations.connections import descriptions, records
from medgrid.integrations.operations import operations_of
from medgrid.integrations.registry import REGISTRY, SYNCABLE
from medgrid.integrations.shipstation.changes import acknowledgements
from medgrid.integrations.shipstation.due.routing import Takes
from medgrid.integrations.suppliers import only_supplier_of, supplier_of
from medgrid.integrations.vendor_orders import listing
from medgrid.portal import texts
from medgrid.sync import history
from medgrid.sync.job import Job


def cards_of(user: str) -> list[dict[str, Any]]:
	"""One card for each integration of the registry, with the state of a user's connection, and one for each
	further account of it."""
	by_integration = defaultdict(list)
	for account in accounts(user):
		by_integration[account["id"]].append(account)
	cards = []
	for entry in descriptions.listing(user):
		first, *others = by_integration[entry["id"]] or [entry]
		cards.append(
			card(first, _warning(user, first), _order_counts(user, entry), advice=_advice(user, first))
		)
		cards += [
			card(account, _warning(user, account), number=number, advice=_advice(user, account))
			for number, account in enumerate(others, 2)
			if account["status"] != "not_connected"
		]
	return cards


def card(
	entry: dict[str, Any],
	warning: str | None,
	orders: dict[str, int] | None = None,
	*,
	number: int = 1,
	advice: str | None = None,
) -> dict[str, Any]:
	"""Builds a card.

	:param entry: an entry of `accounts`; of `descriptions.listing`, if it was never connected.
	:param warning: the sentence about single documents that failed in the last sync.
	:param orders: the numbers of the vendor's orders, as `order_counts` gives them; None: the integration has
		none.
	:param number: which account of the integration it is; orders are on the card of the first one.
	:param advice: what to do about a connection that does not work; None: it works.
	:returns: the entry, with `key`, `title`, `is_further`, `shown_status`, `status_word`, `paused_sentence`,
		`shown_stats`, `syncable`, `has_orders`, `orders_waiting`, `orders_to_send`, `trouble`, `advice`,
		`partial_advice`, `not_set_up`; of a ShipStation account `takes_sentence`, `is_one_of_several`,
		`shown_rule`.
	"""
	# `card.js` applies the same rule.
	shown_status = "paused" if "paused" in entry else entry["status"]
	waiting, failed = (orders["orders_waiting"], orders["orders_failed"]) if orders else (0, 0)
	return {
		**entry,
		"key": entry["id"] if number == 1 else f"{entry['id']}-{number}",
		"title": entry["label"] if number == 1 else f"{entry['label']} · {entry['account']}",
		"is_further": number > 1,
		"trouble": entry["last_error"] or warning or "",
		"shown_status": shown_status,
		"status_word": texts.statuses().get(shown_status, shown_status),
		"paused_sentence": texts.paused_by().format(entry["paused"]["by"]) if "paused" in entry else "",
		"shown_stats": shown_stats({**_before_a_sync(entry["id"]), **entry["stats"], **(orders or {})}),
		"syncable": entry["id"] in SYNCABLE,
		"not_set_up": missing_set_up(REGISTRY[entry["id"]]),
		"has_orders": orders is not None,
		"orders_waiting": waiting,
		"orders_to_send": texts.orders_to_send().format(waiting),
		"advice": advice or "",
		"partial_advice": texts.partial_advice(waiting, failed),
		**_routing(entry),
	}


def _routing(entry: dict[str, Any]) -> dict[str, Any]:
	"""What the card of a ShipStation account says of its orders; `routing.js` applies the same rules."""
	if entry["id"] != "shipstation":
		return {}
	takes, rule = entry.get("takes") or Takes.ALL.value, entry.get("rule", [])
	kinds = order_rules.words()
	return {
		"takes": takes,
		"takes_sentence": texts.takes()[takes],
		"is_one_of_several": takes != Takes.ALL.value,
		"rule": rule,
		"shown_rule": [
			{**part, "text": texts.rule_part().format(kinds[part["kind"]], part["value"])} for part in rule
		],
		"store": entry.get("store"),
	}


def do_not_ship(user: str) -> list[dict[str, Any]]:
	"""The orders of a user's Supplier that were cancelled after they were sent, until the vendor acknowledges
	it."""
	supplier = only_supplier_of(user)
	return acknowledgements.open_cancellations(supplier) if supplier else []


def order_counts(supplier: str) -> dict[str, int]:
	"""The numbers of a vendor's orders on the card of ShipStation; `card.js` applies the same rule."""
	found = listing.counts(supplier)
	return {
		"orders_waiting": found["waiting"] + found["sending"] + found["unknown"],
		"orders_failed": found["failed"],
		"orders_sent_today": found["sent_today"],
	}


def _order_counts(user: str, entry: dict[str, Any]) -> dict[str, int] | None:
	if entry["id"] != "shipstation":
		return None
	try:
		return order_counts(supplier_of(user))
	except RuleViolated:
		# The page says so itself.
		return None


def _advice(user: str, entry: dict[str, Any]) -> str | None:
	return descriptions.advice(user, REGISTRY[entry["id"]], entry.get("account"))


def _warning(user: str, entry: dict[str, Any]) -> str | None:
	if entry["id"] not in SYNCABLE or entry["status"] != "connected":
		return None
	connection = records.find(user, REGISTRY[entry["id"]], entry.get("account"))
	last = history.last(Job(entry["id"], connection.name)) if connection else None
	return last["counts"].get("warning") if last else None


def _before_a_sync(integration_type: str) -> dict[str, Any]:
	"""The stats that a sync counts, as zeros, which the page shows before the first sync."""
	if integration_type not in SYNCABLE:
		return {}
	stats = operations_of(REGISTRY[integration_type]).empty_stats()
	return {key: value for key, value in stats.items() if key in texts.stats()}


def shown_stats(stats: dict[str, Any]) -> list[dict[str, str]]:
	"""The stats that the page displays, as `key`, `label` and `value`; `card.js` applies the same rule."""
	labels, words = texts.stats(), texts.stat_values()
	return [
		{
			"key": key,
			"label": labels.get(key, key.replace("_", " ")),
			"value": words.get(key, {}).get(str(value)) or _shown(value),
		}
		for key, value in stats.items()
		if not isinstance(value, bool) and value not in (None, [], "")
	]


def _shown(value: Any) -> str:
	return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
