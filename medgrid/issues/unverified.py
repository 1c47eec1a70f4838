"""The issue that an uninstallation at Shopify could not be verified.

`webhooks.verification` asks Shopify; what its last failure means for people is the same for each of MedGrid's
apps.
"""

from collections.abc import Callable
from dataclasses import replace

from frappe import _

from medgrid.issues.records import ADMINISTRATOR, Issue, Subject, open_issue, settle_issue


def note_unverified(
	subject: Subject,
	shop: str,
	reason: str,
	*,
	app: str,
	title: str,
	what_to_do: str,
	status: int = 417,
	record: Callable[..., Issue] = open_issue,
) -> None:
	"""Opens the issue for the administrators. The caller commits.

	:param subject: what failed, of whichever shop.
	:param shop: the shop's domain.
	:param reason: why Shopify did not say whether the app is uninstalled, in a sentence.
	:param app: what people call the app.
	:param record: opens the issue.
	"""
	detail = _(
		"Shopify reported that {0} was uninstalled from {1}. MedGrid asked whether that is true, and got no "
		"answer: {2}"
	)
	record(
		replace(subject, related_to=shop),
		title=title,
		detail=detail.format(app, shop, reason),
		who_acts=ADMINISTRATOR,
		what_to_do=what_to_do,
		status=status,
	)


def settle_unverified(subject: Subject, shop: str) -> None:
	"""Settles the issue, because Shopify has answered. The caller commits."""
	settle_issue(replace(subject, related_to=shop))
