"""RPC: what people in Desk see and do about vendors."""

from typing import Annotated, Any

import frappe
from pydantic import Field, StringConstraints

from medgrid.api.endpoint import endpoint
from medgrid.api.parameters import DocumentName, DocumentNames
from medgrid.integrations import invitations
from medgrid.integrations.office import acting, panel
from medgrid.integrations.office.acting import Action
from medgrid.integrations.office.panel import PanelDoctype

ADMINISTRATORS = ("System Manager",)
# Who may retry a ShipStation Order on its own form.
SELLERS = ("System Manager", "Sales Manager")
# Who works with the documents that have the panel.
OFFICE = (
	*SELLERS,
	"Sales User",
	"Stock Manager",
	"Stock User",
	"Purchase Manager",
	"Purchase User",
)
# Each may take a second.
MAX_INVITATIONS = 50

EmailText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
FirstName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
SupplierNames = Annotated[DocumentNames, Field(min_length=1, max_length=MAX_INVITATIONS)]


@endpoint("GET", roles=OFFICE)
def vendors_and_store(doctype: PanelDoctype, name: DocumentName) -> dict[str, Any]:
	"""What became of a document's orders at the vendors and in the store.

	:param doctype: `Sales Order`, `Delivery Note` or `Supplier`.
	:returns: see `panel.panel_of`; and `may_retry` and `may_act`: what the caller may do.
	:raises InvalidInput: another DocType (400).
	:raises NotPermitted: the caller may not read the document (403).
	:raises NotFound: there is no such document (404).
	"""
	roles = set(frappe.get_roles())
	return {
		**panel.panel_of(doctype, name),
		"may_retry": bool(roles & set(SELLERS)),
		"may_act": bool(roles & set(ADMINISTRATORS)),
	}


@endpoint("POST", roles=SELLERS)
def retry_vendor_order(sales_order: DocumentName, supplier: DocumentName) -> dict[str, Any]:
	"""Makes an order of a vendor due at once, for the vendor; a sync is queued.

	:returns: `ok`; `retried`: whether it had failed, or waited for a later attempt.
	:raises NotPermitted: the caller may not read the Sales Order (403).
	:raises NotFound: there is no such order, or it is not this vendor's (404).
	"""
	return acting.retry(sales_order, supplier, frappe.session.user)


@endpoint("POST", roles=ADMINISTRATORS)
def act_for_vendor(connection: DocumentName, action: Action) -> dict[str, Any]:
	"""Tests, syncs, pauses or resumes a vendor's connection, for the vendor. It is on the record of the
	connection.

	:param connection: the name of the Vendor Connection.
	:param action: `test`, `sync` (as a job), `pause` or `resume`.
	:returns: `ok`, and `error`, the sentence if a test failed.
	:raises NotFound: there is no such connection (404).
	:raises RuleViolated: it is not connected, it is paused, or its Supplier is disabled (417).
	:raises TooManyRequests: the caller has another request to another system under way (429).
	"""
	return acting.act(connection, action, frappe.session.user)


@endpoint("POST", roles=ADMINISTRATORS)
def invite_vendor(supplier: DocumentName, email: EmailText, first_name: FirstName | None = None) -> dict:
	"""Invites a person to the portal for a Supplier: makes the user, its role and the row among the
	Supplier's portal users, and sends a mail, whose link ends on the portal. The same again changes nothing;
	who has not signed in yet gets another mail.

	:param first_name: of the person; None: the portal shows the address.
	:returns: `supplier`, `user`, `state` (`invited` or `accepted`), `mailed`, `warnings` (sentences).
	:raises InvalidInput: `email` is no e-mail address (400).
	:raises NotFound: there is no such Supplier (404).
	:raises RuleViolated: the Supplier or the user is disabled, the user belongs to another Supplier or works
		in Desk (417).
	"""
	return invitations.invite(supplier, email, first_name)


@endpoint("POST", roles=ADMINISTRATORS)
def invite_vendors(suppliers: SupplierNames) -> dict:
	"""Invites the main e-mail address of each of some Suppliers.

	:param suppliers: at most 50 names.
	:returns: `invitations`, for each what `invite_vendor` returns, or `supplier` and `error`.
	"""
	return {"invitations": invitations.invite_all(suppliers)}


@endpoint("GET", roles=ADMINISTRATORS)
def list_invitations(supplier: DocumentName) -> dict:
	"""Lists who has access to the portal for a Supplier.

	:returns: `users` (`user`, `full_name`, `state`: `invited`, `accepted` or `disabled`, `invited_at`,
		`last_active`) and `warnings` (sentences).
	:raises NotFound: there is no such Supplier (404).
	"""
	return invitations.invitations_of(supplier)
