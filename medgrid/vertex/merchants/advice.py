"""What a Vertex Merchant still needs: one sentence each, with who does what.

See docs/api.md, "Watching" and docs/sales-tax.md, "Set up".
"""

from collections.abc import Iterable
from typing import Any

from frappe import _

from medgrid.vertex.merchants.fields import DESCRIBED, FAILED, INCOMPLETE, ON_DEMAND, UNINSTALLED

# What `problem_of` reads.
FIELDS = (*DESCRIBED, "origin", "origin_address", "tax_account")


def problem_of(row: Any) -> str | None:
	"""What keeps a merchant from being taxed, and who does what.

	:param row: has FIELDS.
	:returns: None: nothing does, or the merchant has left.
	"""
	if row.status == UNINSTALLED:
		return None
	title = row.shop or row.company or row.name
	if not row.enabled:
		return _("{0}: the merchant is disabled. An administrator must enable the Vertex Merchant.").format(
			title
		)
	if row.status == INCOMPLETE:
		return _of_incomplete(row, title)
	if row.status == FAILED:
		return _of_failed(row, title)
	if row.company and not row.tax_account:
		return _(
			"{0}: Tax Account is missing, so the company's documents are not taxed. An administrator must "
			"choose it in the Vertex Merchant."
		).format(title)
	return _("{0}: {1}").format(title, row.last_error) if row.last_error else None


def _of_incomplete(row: Any, title: str) -> str:
	if row.shop:
		return _(
			"{0}: the app is installed, and the onboarding is not complete. The merchant must enter its "
			"Vertex credentials in the app."
		).format(title)
	if missing := list(_missing(row)):
		return _("{0}: {1} must be entered. An administrator does so in the Vertex Merchant.").format(
			title, ", ".join(missing)
		)
	return _(
		"{0}: the credentials are not tested yet. An administrator must press Test in the Vertex Merchant."
	).format(title)


def _of_failed(row: Any, title: str) -> str:
	sentence = (
		_("{0}: the last test failed. {1} The merchant must enter other credentials in the app.")
		if row.shop
		else _(
			"{0}: the last test failed. {1} An administrator must correct the Vertex Merchant and press Test."
		)
	)
	return " ".join(sentence.format(title, row.last_error or "").split())


def _missing(row: Any) -> Iterable[str]:
	needed = {
		_("Company Code"): row.company_code,
		_("Deployment"): row.deployment,
		_("Host"): row.host if row.deployment == ON_DEMAND else True,
		_("Client ID"): row.client_id,
		_("Client Secret"): row.client_secret,
		_("Origin Address"): row.origin_address or row.origin,
	}
	return (label for label, value in needed.items() if not value)
