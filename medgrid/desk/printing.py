"""Foreign text in prints, and in PDFs and e-mails made of them: it is escaped before a template gets it."""

from markupsafe import Markup, escape

from medgrid.core.faults.borders import hook
from medgrid.desk.foreign_text import foreign_fields


@hook
def escape_foreign_text(doc, event=None, print_settings=None) -> None:
	"""Escapes the foreign text of a document that is about to be printed, and of its rows. The hook
	`before_print`. The document is only printed: the values that are stored stay as they are.
	"""
	fields = foreign_fields()
	for document in (doc, *doc.get_all_children()):
		for fieldname in fields.get(document.doctype, ()):
			if isinstance(value := document.get(fieldname), str):
				document.set(fieldname, as_html(value))


def as_html(text: str) -> Markup:
	"""A text as HTML that shows it, line ends included. Frappe's templates leave Markup as it is."""
	return Markup("<br>").join(escape(line) for line in text.split("\n"))
