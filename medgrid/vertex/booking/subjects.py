"""What the Integration Issues of bookings are about."""

import frappe

from medgrid.issues.records import Subject
from medgrid.vertex.booking.records import DOCTYPE
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.merchants.fields import DOCTYPE as MERCHANT


def of_account(merchant: str) -> Subject:
	"""Vertex refuses a merchant's credentials."""
	return _subject("merchant/credentials", merchant, (MERCHANT, merchant))


def of_document(name: str, merchant: str) -> Subject:
	"""Vertex refuses a document, or it cannot be sent.

	:param name: of the Vertex Tax Document.
	"""
	return _subject("document/book", merchant, (DOCTYPE, name))


def _subject(action: str, merchant: str, reference: tuple[str, str]) -> Subject:
	row = frappe.db.get_value(MERCHANT, merchant, ["shop", "company"], as_dict=True)
	related_to = (row and (row.shop or row.company)) or merchant
	return Subject(INTEGRATION, action, related_to=related_to, reference=reference, version="v1")
