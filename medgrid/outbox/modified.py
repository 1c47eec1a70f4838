"""Times to compare the `modified` of a document with: in the site's time zone, as Frappe stores it."""

from datetime import datetime, timedelta

import frappe

# The maximum time from a change of a document to its commit.
SLOWEST_SAVE = timedelta(minutes=10)


def compared_until() -> datetime:
	"""The value of `compared_at` after a comparison with what was sent: a change of a document is committed
	some time after its `modified`."""
	return frappe.utils.now_datetime() - SLOWEST_SAVE


def days_ago(days: int) -> datetime:
	"""The time so many days ago."""
	return frappe.utils.now_datetime() - timedelta(days=days)
