"""`quote_document`: requests a new quotation for a draft, because a person asks for it. See docs/api.md,
"Taxes"."""

from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import NotFound, NotPermitted, RuleViolated
from medgrid.vertex.documents.scope import scope_of


def quote(doctype: str, name: str) -> Any:
	"""Saves a draft with the tax that Vertex calculates now.

	:param doctype: of a document that is taxed.
	:returns: the saved document. If Vertex could not be asked, its `vertex_status` and `vertex_error` say so.
	:raises NotFound: there is no such document.
	:raises NotPermitted: the user may not write it.
	:raises RuleViolated: it is no draft, or is not taxed by Vertex.
	:raises frappe.ValidationError: ERPNext does not save it, or Vertex cannot be asked and the settings say
		that nothing is saved then.
	"""
	if not frappe.db.exists(doctype, name):
		raise NotFound(_("{0} {1} does not exist.").format(_(doctype), name))
	document = frappe.get_doc(doctype, name)
	if not document.has_permission("write"):
		raise NotPermitted(_("Your user may not change {0} {1}.").format(_(doctype), name))
	if document.docstatus != 0:
		raise RuleViolated(_("{0} {1} is not a draft. Its tax stays as it is.").format(_(doctype), name))
	if scope_of(document) is None:
		raise RuleViolated(
			_(
				"Vertex does not tax {0} {1}. It taxes the documents of companies with a complete Vertex "
				"Merchant, if Vertex Settings say so."
			).format(_(doctype), name)
		)
	document.flags.medgrid_vertex_anew = True
	document.save()
	# The answer says it all; an API's caller shows no alerts.
	frappe.clear_messages()
	return document
