"""The fulfillments of an order, their tracking, and the tracking that the Sales Order shows. Pure.

Contract: "Sales Order Status Fields (Exoceuticals)"; all shipments are kept as JSON in
`exoceuticals_fulfillments`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from medgrid.orders.sales_order import VOID_FULFILLMENTS

# The payload has no status that can be read.
UNSTATED = ""
LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)
# The column length of Data, and a limit below the column length of Small Text.
MAX_TEXT, MAX_URL = 140, 1000
# What a Sales Order stores: the newest fulfillments, and the labels of the newest ones.
MAX_STORED, MAX_STORED_LABELS = 250, 500


@dataclass(frozen=True)
class Label:
	"""The tracking of one parcel.

	:param url: http or https; anything else is not kept.
	"""

	number: str | None = None
	company: str | None = None
	url: str | None = None


@dataclass(frozen=True)
class Fulfillment:
	"""A shipment of an order.

	:param id: the GID; None if the payload has none.
	:param status: in capitals, e.g. "SUCCESS"; UNSTATED until it is merged with what is known.
	:param created_at: aware; None if the payload has none.
	:param updated_at: as `created_at`.
	:param labels: the tracking of its parcels.
	"""

	id: str | None = None
	status: str = "SUCCESS"
	created_at: datetime | None = None
	updated_at: datetime | None = None
	labels: tuple[Label, ...] = ()

	@property
	def is_void(self) -> bool:
		"""Whether the fulfillment shipped nothing."""
		return self.status in VOID_FULFILLMENTS

	@property
	def label(self) -> Label | None:
		"""The label to show: the first one with a number, as in REST's `tracking_number`."""
		return next((label for label in self.labels if label.number), next(iter(self.labels), None))


def label(number: str | None, company: str | None, url: str | None) -> Label | None:
	"""Creates a label and limits its texts to the column lengths; None if all are empty."""
	number, company, url = (str(text or "").strip() for text in (number, company, url))
	if not url.lower().startswith(("http://", "https://")) or len(url) > MAX_URL:
		# People see it as a link, and a truncated URL would not work.
		url = ""
	created = Label(number[:MAX_TEXT] or None, company[:MAX_TEXT] or None, url or None)
	return None if created == Label() else created


def merged(known: Iterable[Fulfillment], reported: Iterable[Fulfillment]) -> tuple[Fulfillment, ...]:
	"""Combines the known fulfillments of an order with those that Shopify reports, sorted by age.

	Shopify never deletes a fulfillment; if a payload lacks one, the payload was truncated. A payload without
	tracking does not remove known tracking.

	:returns: all of them; `bounded` returns those that are stored.
	"""
	known, reported = tuple(known), tuple(reported)
	fresh = [_completed(fulfillment, _same(fulfillment, known)) for fulfillment in reported]
	# A known fulfillment without id only has labels. If labels are reported, they include its labels.
	has_labels = any(fulfillment.labels for fulfillment in reported)
	kept = [
		fulfillment
		for fulfillment in known
		if fulfillment.id not in {new.id for new in fresh} and (fulfillment.id or not has_labels)
	]
	return tuple(sorted([*kept, *fresh], key=_age))


def bounded(fulfillments: Iterable[Fulfillment]) -> tuple[Fulfillment, ...]:
	"""The fulfillments that a Sales Order stores: the newest MAX_STORED, with at most MAX_STORED_LABELS
	labels in all. Older fulfillments lose their labels first.

	:param fulfillments: sorted by age.
	"""
	kept: list[Fulfillment] = []
	left = MAX_STORED_LABELS
	for each in reversed(tuple(fulfillments)[-MAX_STORED:]):
		labels = each.labels[:left]
		left -= len(labels)
		kept.append(each if labels == each.labels else replace(each, labels=labels))
	return tuple(reversed(kept))


def latest_label(fulfillments: Iterable[Fulfillment]) -> Label | None:
	"""Returns the label of the latest shipment that is not void; None if none has a label."""
	shipped = [fulfillment for fulfillment in fulfillments if fulfillment.label and not fulfillment.is_void]
	return max(shipped, key=_age).label if shipped else None


def voided_numbers(fulfillments: Iterable[Fulfillment]) -> set[str | None]:
	"""Returns the tracking numbers of the void fulfillments."""
	return {label.number for entry in fulfillments if entry.is_void for label in entry.labels}


def progress(cancelled: bool, fulfillments: Iterable[Fulfillment]) -> tuple[bool, int, int]:
	"""Returns a value that never decreases over the life of an order, so that it orders two snapshots of the
	same second.

	It never decreases because an order's cancellation is final, Shopify never deletes a fulfillment, and a
	cancelled fulfillment stays cancelled.
	"""
	fulfillments = tuple(fulfillments)
	return cancelled, len(fulfillments), sum(fulfillment.is_void for fulfillment in fulfillments)


def as_json(fulfillments: Iterable[Fulfillment]) -> str | None:
	"""Encodes fulfillments for `exoceuticals_fulfillments`; None if there are none."""
	entries = [
		{
			"id": fulfillment.id,
			"status": fulfillment.status,
			"created_at": _text(fulfillment.created_at),
			"updated_at": _text(fulfillment.updated_at),
			"tracking": [vars(label) for label in fulfillment.labels],
		}
		for fulfillment in fulfillments
	]
	return json.dumps(entries) if entries else None


def from_json(text: str | None) -> tuple[Fulfillment, ...]:
	"""Decodes what `as_json` encoded."""
	return tuple(
		Fulfillment(
			entry["id"],
			entry["status"],
			_moment(entry["created_at"]),
			_moment(entry["updated_at"]),
			tuple(Label(**label) for label in entry["tracking"]),
		)
		for entry in json.loads(text or "[]")
	)


def _completed(fulfillment: Fulfillment, known: Fulfillment | None) -> Fulfillment:
	"""Fills in from the known fulfillment what the reported one lacks."""
	known = known or Fulfillment()
	keeps_labels = bool(known.labels) and not _numbers(fulfillment)
	if keeps_labels and fulfillment.labels:
		keeps_labels = bool(_numbers(known))
	return Fulfillment(
		fulfillment.id or known.id,
		fulfillment.status or known.status,
		fulfillment.created_at or known.created_at,
		fulfillment.updated_at or known.updated_at,
		known.labels if keeps_labels else fulfillment.labels,
	)


def _same(fulfillment: Fulfillment, known: tuple[Fulfillment, ...]) -> Fulfillment | None:
	"""The known fulfillment that a reported one is: that of its id or, without it, of its tracking number."""
	if fulfillment.id:
		return next((each for each in known if each.id == fulfillment.id), None)
	numbers = _numbers(fulfillment)
	same = [each for each in known if each.id and _numbers(each) & numbers]
	without_id = [each for each in known if not each.id]
	return next(iter([*same, *without_id[-1:]]), None)


def _numbers(fulfillment: Fulfillment) -> set[str]:
	return {label.number for label in fulfillment.labels if label.number}


def _age(fulfillment: Fulfillment) -> tuple[datetime, datetime, str]:
	updated = fulfillment.updated_at or fulfillment.created_at or LONG_AGO
	return fulfillment.created_at or updated, updated, fulfillment.id or ""


def _text(moment: datetime | None) -> str | None:
	return moment.astimezone(timezone.utc).isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
	return datetime.fromisoformat(text) if text else None
