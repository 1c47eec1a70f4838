"""The words for the states of a vendor's orders, and for who has to act, in the reader's language."""

from frappe import _

from medgrid.outbox.states import State


def states() -> dict[str, str]:
	"""The words for the values of `state`."""
	return {
		State.WAITING.value: _("Waiting"),
		State.SENDING.value: _("Being sent"),
		State.UNKNOWN.value: _("Outcome unknown"),
		State.SENT.value: _("Sent"),
		State.SHIPPED.value: _("Shipped"),
		State.DELIVERED.value: _("On the Delivery Note"),
		State.FAILED.value: _("Failed"),
		State.CANCELLED.value: _("Cancelled"),
		State.NOT_OURS.value: _("Nothing to ship"),
	}


def parties() -> dict[str, str]:
	"""The words for the values of `who_acts`: who has to act before an order can go on."""
	return {
		"vendor": _("You"),
		"wholesaler": _("The wholesaler"),
		"administrator": _("MedGrid's administrator"),
		"nobody": _("Nobody"),
	}
