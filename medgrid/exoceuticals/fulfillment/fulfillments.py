"""What was shipped of an order: its fulfillments, their tracking, and what the Sales Order shows. Pure.

Contract: "Sales Order Status Fields (Exoceuticals)"; all shipments are kept as JSON in
`exoceuticals_fulfillments`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

# Of fulfillments, and of GraphQL and REST alike once in capitals. What these shipped has not left the house.
VOID = {"CANCELLED", "ERROR", "FAILURE"}
LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)
# The column lengths of Data and, with room to spare, of Small Text.
MAX_TEXT, MAX_URL = 140, 1000


@dataclass(frozen=True)
class Label:
	"""One parcel's tracking.

	:param url: http or https; anything else is not kept.
	"""

	number: str | None = None
	company: str | None = None
	url: str | None = None


@dataclass(frozen=True)
class Fulfillment:
	"""
	:param id: the GID; None where a payload has none.
	:param status: in capitals, e.g. "SUCCESS".
	:param created_at: aware; None if not told.
	"""

	id: str | None = None
	status: str = "SUCCESS"
	created_at: datetime | None = None
	updated_at: datetime | None = None
	labels: tuple[Label, ...] = ()

	@property
	def is_void(self) -> bool:
		return self.status in VOID

	@property
	def label(self) -> Label | None:
		"""The label to show: the first with a number, as REST's `tracking_number` has it."""
		return next((label for label in self.labels if label.number), next(iter(self.labels), None))


def label(number: str | None, company: str | None, url: str | None) -> Label | None:
	"""A label within the lengths of the columns; None if nothing is left."""
	number, company, url = (str(text or "").strip() for text in (number, company, url))
	if not url.lower().startswith(("http://", "https://")) or len(url) > MAX_URL:
		# It becomes a link on people's screens; half of one leads nowhere.
		url = ""
	made = Label(number[:MAX_TEXT] or None, company[:MAX_TEXT] or None, url or None)
	return None if made == Label() else made


def merged(known: Iterable[Fulfillment], told: Iterable[Fulfillment]) -> tuple[Fulfillment, ...]:
	"""Known fulfillments with what news tell of them.

	Shopify forgets no fulfillment: one that is missing in the news was left out for length. And tracking is
	never taken away by news that merely do not mention it.
	"""
	known, told = tuple(known), tuple(told)
	by_id = {fulfillment.id: fulfillment for fulfillment in known}
	fresh = [_with_labels_of(fulfillment, by_id.get(fulfillment.id)) for fulfillment in told]
	# One without id is known by its label only: news that have labels tell about it as well.
	nameless_told = any(fulfillment.labels for fulfillment in told)
	left = [
		fulfillment
		for fulfillment in known
		if fulfillment.id not in {new.id for new in fresh} and (fulfillment.id or not nameless_told)
	]
	return tuple(sorted([*left, *fresh], key=_age))


def latest_label(fulfillments: Iterable[Fulfillment]) -> Label | None:
	"""The label of the shipment that was made last, of those that were not cancelled."""
	shipped = [fulfillment for fulfillment in fulfillments if fulfillment.label and not fulfillment.is_void]
	return max(shipped, key=_age).label if shipped else None


def voided_numbers(fulfillments: Iterable[Fulfillment]) -> set[str | None]:
	"""The tracking numbers of the shipments that came to nothing."""
	return {label.number for entry in fulfillments if entry.is_void for label in entry.labels}


def progress(cancelled: bool, fulfillments: Iterable[Fulfillment]) -> tuple[bool, int, int]:
	"""How far an order has come: this never decreases, which tells the later of two news of the same second.

	An order's cancellation is final, fulfillments are never forgotten, and a cancelled one stays cancelled.
	"""
	fulfillments = tuple(fulfillments)
	return cancelled, len(fulfillments), sum(fulfillment.is_void for fulfillment in fulfillments)


def as_json(fulfillments: Iterable[Fulfillment]) -> str | None:
	"""For `exoceuticals_fulfillments`; None for none."""
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
	"""What `as_json` wrote."""
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


def _with_labels_of(fulfillment: Fulfillment, known: Fulfillment | None) -> Fulfillment:
	if fulfillment.labels or not known:
		return fulfillment
	moments = fulfillment.created_at, fulfillment.updated_at
	return Fulfillment(fulfillment.id, fulfillment.status, *moments, known.labels)


def _age(fulfillment: Fulfillment) -> tuple[datetime, datetime, str]:
	created, updated = fulfillment.created_at or LONG_AGO, fulfillment.updated_at or LONG_AGO
	return created, updated, fulfillment.id or ""


def _text(moment: datetime | None) -> str | None:
	return moment.astimezone(timezone.utc).isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
	return datetime.fromisoformat(text) if text else None
