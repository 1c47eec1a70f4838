"""A company whose sales Vertex taxes, and documents of it: on the stand-in and on real ERPNext alike."""

import secrets
from dataclasses import dataclass
from typing import Any

import frappe

from medgrid.vertex.booking import reconciliation
from medgrid.vertex.booking import records as tax_documents
from sandbox.simulators.vertex.remote import VertexControl
from tests.support import records
from tests.support.rows import delete_rows
from tests.support.vertex import CHICAGO, CLIENTS, COMPANY, MESA

NAME, ABBR = "MGT Taxed Supplies", "MGTT"
MERCHANT = "Vertex Merchant"
FREIGHT = "Freight and Forwarding Charges"
COUNTRIES = {"US": "United States", "CA": "Canada"}


def of_company(name: str) -> str:
	return f"{name} - {ABBR}"


@dataclass
class Books:
	"""The company.

	:ivar merchant: the name of its Vertex Merchant.
	"""

	vertex: VertexControl
	merchant: str
	item: str

	def requests(self) -> list[dict[str, Any]]:
		"""The requests for calculations that Vertex got since the last reset."""
		return [each for each in self.vertex.received() if each["path"].endswith("/supplies")]

	def change_merchant(self, **values: Any) -> None:
		frappe.db.set_value(MERCHANT, self.merchant, values)
		frappe.db.commit()

	def customer(self, destination: dict[str, str] = CHICAGO, **values: Any) -> str:
		name = records.customer(f"MGT Clinic {secrets.token_hex(4)}")
		if values:
			frappe.db.set_value("Customer", name, values)
		address(("Customer", name), destination)
		return name

	def entries(self) -> list[dict[str, Any]]:
		"""What Vertex has booked and neither deleted nor reversed."""
		return [each for each in self.vertex.journal() if not each["deleted"] and not each["reversed"]]

	def submitted(self, *rows: dict[str, Any], **values: Any):
		"""A submitted Sales Invoice, committed."""
		document = self.document("Sales Invoice", *rows, **values).insert().submit()
		frappe.db.commit()
		return document

	def booked(self, *rows: dict[str, Any], **values: Any):
		document = self.submitted(*rows, **values)
		book_all()
		return document.reload()

	def document(self, doctype: str, *rows: dict[str, Any], **values: Any):
		"""An unsaved document; without rows, two boxes for 57.00."""
		lines = [{"item_code": self.item, "qty": 2, "rate": 28.5}] if not rows else list(rows)
		customer = values.pop("customer", None) or self.customer()
		party = (
			{"quotation_to": "Customer", "party_name": customer}
			if doctype == "Quotation"
			else {"customer": customer}
		)
		if doctype == "Sales Invoice" and values.get("currency", "USD") != "USD":
			values.setdefault("debit_to", receivable(values["currency"]))
		dates = {"delivery_date": frappe.utils.today()} if doctype == "Sales Order" else {}
		common = {
			"doctype": doctype,
			"company": NAME,
			"currency": "USD",
			"conversion_rate": 1,
			"selling_price_list": records.price_list("MGT Taxed Prices"),
			"price_list_currency": "USD",
			"plc_conversion_rate": 1,
			"disable_rounded_total": 1,
			"items": [{"item_code": self.item, **row} for row in lines],
		}
		return frappe.get_doc({**common, **party, **dates, **values})


def freight(amount: float, **values: Any) -> dict[str, Any]:
	return {
		"charge_type": "Actual",
		"account_head": of_company(FREIGHT),
		"description": "Freight",
		"tax_amount": amount,
		**values,
	}


def address(of: tuple[str, str], place: dict[str, str], **values: Any) -> str:
	"""An Address of a customer, a company, a warehouse."""
	document = {
		"doctype": "Address",
		"address_title": f"{of[1]} {secrets.token_hex(3)}",
		"address_type": "Billing",
		"address_line1": place.get("streetAddress1", "1 Main St"),
		"city": place["city"],
		"state": place.get("mainDivision"),
		"pincode": place.get("postalCode"),
		"country": COUNTRIES.get(place["country"], place["country"]),
		"links": [{"link_doctype": of[0], "link_name": of[1]}],
		**values,
	}
	return frappe.get_doc(document).insert(ignore_permissions=True).name


def company() -> str:
	"""The company, its address, its tax account. Committed."""
	records.company()
	values = {"abbr": ABBR, "default_currency": "USD", "country": "United States"}
	records.ensure("Company", {"company_name": NAME}, **values)
	parent = frappe.db.get_value("Account", {"company": NAME, "account_type": "Tax", "is_group": 1})
	account = {"account_name": "MGT Sales Tax", "company": NAME}
	records.ensure("Account", account, parent_account=parent, account_type="Tax", root_type="Liability")
	links = {"link_doctype": "Company", "link_name": NAME, "parenttype": "Address"}
	if not frappe.db.exists("Dynamic Link", links):
		address(("Company", NAME), MESA, is_your_company_address=1)
	frappe.db.commit()
	return NAME


def receivable(currency: str) -> str:
	"""The account of what customers owe in a currency: an invoice has its account's currency."""
	parent = frappe.db.get_value("Company", NAME, "default_receivable_account")
	values = {
		"parent_account": frappe.db.get_value("Account", parent, "parent_account"),
		"account_type": "Receivable",
		"account_currency": currency,
	}
	account = {"account_name": f"MGT Debtors {currency}", "company": NAME}
	return records.ensure("Account", account, **values).name


def merchant() -> str:
	"""The company's merchant, complete. Committed."""
	remove_merchant()
	client_id, client_secret = CLIENTS["cloud"]
	document = {
		"doctype": MERCHANT,
		"company": NAME,
		"status": "Complete",
		"enabled": 1,
		"company_code": COMPANY,
		"deployment": "Cloud",
		"client_id": client_id,
		"client_secret": client_secret,
		"tax_account": of_company("MGT Sales Tax"),
	}
	name = frappe.get_doc(document).insert(ignore_permissions=True).name
	frappe.db.set_value(MERCHANT, name, "status", "Complete")
	frappe.db.commit()
	return name


def remove_merchant() -> None:
	for name in frappe.get_all(MERCHANT, {"company": NAME}, pluck="name"):
		frappe.delete_doc(MERCHANT, name, force=True, ignore_permissions=True)
	frappe.db.commit()


def ledger(document) -> dict[str, float]:
	"""Debit less credit by account, of what is not cancelled."""
	filters = {"voucher_type": document.doctype, "voucher_no": document.name, "is_cancelled": 0}
	sums: dict[str, float] = {}
	for row in frappe.get_all("GL Entry", filters, ["account", "debit", "credit"]):
		sums[row.account] = round(sums.get(row.account, 0) + row.debit - row.credit, 2)
	return sums


def own_rows(document) -> list[tuple[str, str, float]]:
	return [(row.vertex_level, row.description, row.tax_amount) for row in document.taxes if row.vertex_level]


def forget_open_bookings() -> None:
	"""Deletes what earlier tests left to be booked: the jobs that a test runs would book it, too."""
	open_states = (tax_documents.PENDING, tax_documents.SENDING, tax_documents.IN_DOUBT)
	delete_rows((tax_documents.DOCTYPE, {"status": ("in", open_states)}))


def book_all() -> None:
	"""What the jobs do."""
	frappe.db.commit()
	reconciliation.book_due()
	frappe.db.rollback()


def settle_all() -> None:
	"""What the hourly job does, some time after the attempts."""
	frappe.db.commit()
	open_states = (tax_documents.SENDING, tax_documents.IN_DOUBT)
	frappe.db.set_value(
		tax_documents.DOCTYPE,
		{"status": ("in", open_states)},
		"claimed_at",
		"2026-01-01",
		update_modified=False,
	)
	frappe.db.commit()
	reconciliation.look_up_open()
	frappe.db.rollback()


def bookings(document) -> list:
	"""The Vertex Tax Documents of an invoice, oldest first."""
	filters = {"reference_doctype": "Sales Invoice", "reference_name": document.name}
	fields = ["name", "kind", "status", "total_tax", "quoted_tax", "mismatch", "transaction_id", "error"]
	return frappe.get_all(tax_documents.DOCTYPE, filters, fields, order_by="creation asc, name asc")


def states(document) -> list[tuple[str, str]]:
	return [(row.kind, row.status) for row in bookings(document)]


def credit_of(document):
	"""An unsaved credit note of all of an invoice."""
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	return make_sales_return(document.name)
