"""Ids, shared by all accounts and never reset: an id means one thing, also after a restart."""

import threading

_last = {
	"order": 90_000_000,
	"item": 130_000_000,
	"shipment": 33_000_000,
	"webhook": 1_000,
	"batch": 7_000,
	"store": 400_000,
}
_lock = threading.Lock()


def next_id(kind: str) -> int:
	"""
	:param kind: order, item, shipment, webhook, batch or store.
	"""
	with _lock:
		_last[kind] += 1
		return _last[kind]


def last() -> dict[str, int]:
	"""The last id of each kind."""
	return dict(_last)


def go_on_from(last: dict[str, int]) -> None:
	"""
	:param last: what `last()` said in an earlier process.
	"""
	with _lock:
		_last.update({kind: max(number, _last[kind]) for kind, number in last.items()})
