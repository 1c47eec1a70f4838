"""The scheduler's entries of the second contract's part."""

from medgrid.core.faults.borders import job
from medgrid.vertex import volume
from medgrid.vertex.booking import reconciliation, taking_back, unbooked
from medgrid.vertex.merchants import subscription
from medgrid.vertex.privacy import redaction


@job
def roll_up_volume() -> None:
	"""Makes rows of statistics from what was counted in Redis. Every five minutes."""
	volume.roll_up()


@job
def settle_bookings() -> None:
	"""Asks Vertex about bookings whose outcome is not known. Hourly."""
	reconciliation.look_up_open()


@job
def search_unbooked() -> None:
	"""Looks for submitted invoices that nothing books at Vertex. Hourly."""
	unbooked.search()


@job
def book_due() -> None:
	"""Books what waits for another attempt and is due, and takes back what was missed of cancelled invoices.
	Every five minutes."""
	taking_back.catch_up()
	reconciliation.book_due()


@job
def redact_requested() -> None:
	"""Blanks the buyers that Shopify wants deleted, where a job was lost or a booking was open. Hourly."""
	redaction.redact_requested()


@job
def prune_volume() -> None:
	"""Deletes old statistics. Daily."""
	volume.prune()


@job
def subscribe_missing() -> None:
	"""Subscribes to the app's removal in shops where that failed while it was installed. Daily."""
	subscription.subscribe_missing()
