"""The events of the documents that are taxed: no logic. See docs/adr/0049-quoted-before-validation.md."""

from medgrid.core.faults.borders import hook
from medgrid.vertex.documents import quoting, submitting
from medgrid.vertex.documents.scope import SALES_INVOICE
from medgrid.vertex.documents.stored import renumber, restore


@hook
def before_insert(document, event=None) -> None:
	"""A new document is quoted before it is named: naming locks its series."""
	quoting.quote(document, anew=_is_submitted_invoice(document))


@hook
def before_validate(document, event=None) -> None:
	"""Every save, and the submit."""
	anew = _is_submitted_invoice(document) or bool(document.flags.medgrid_vertex_anew)
	quoting.quote(document, anew=anew)


@hook
def validate(document, event=None) -> None:
	"""ERPNext has validated and totalled."""
	quoting.end(document)


@hook
def on_submit(document, event=None) -> None:
	"""A submitted Sales Invoice is booked, and so is a credit note."""
	submitting.note_submitted(document)


@hook
def on_cancel(document, event=None) -> None:
	"""What was booked of a cancelled Sales Invoice is taken back."""
	submitting.note_cancelled(document)


@hook
def keep(document, event=None) -> None:
	"""An update after submit, and cancelling: nothing is asked, and nobody writes MedGrid's fields."""
	restore(document)
	renumber(document)


def _is_submitted_invoice(document) -> bool:
	return document.doctype == SALES_INVOICE and document.docstatus == 1
