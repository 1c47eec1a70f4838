"""A small ledger: the entries of a voucher, which must balance, and their reversal."""

from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import flt

# What rounding may lose between the lines and the total, in the company's currency.
PRECISION_LOSS = 0.05


@dataclass
class Entry:
	"""One side of a booking, in the company's currency; a negative amount belongs on the other side."""

	account: str
	debit: float = 0.0
	credit: float = 0.0
	party: str | None = None
	cost_center: str | None = None

	def sides(self) -> tuple[float, float]:
		amount = flt(self.debit - self.credit, 2)
		return (amount, 0.0) if amount > 0 else (0.0, -amount)


def make_gl_entries(voucher, entries: Iterable[Entry]):
	"""Books a voucher's entries. What rounding lost goes to the company's account for it."""
	entries = [entry for entry in entries if any(entry.sides())]
	lost = flt(sum(entry.debit - entry.credit for entry in entries), 2)
	if abs(lost) > PRECISION_LOSS:
		frappe.throw(
			_("Debit and Credit not equal for {0} #{1}. Difference is {2}.").format(
				voucher.doctype, voucher.name, lost
			)
		)
	if lost:
		round_off = frappe.get_cached_value("Company", voucher.company, "round_off_account")
		entries.append(Entry(round_off, credit=lost))
	for entry in entries:
		require_open_account(entry.account, voucher.company)
		insert_entry(voucher, entry, *entry.sides())


def reverse_gl_entries(voucher):
	"""Books the opposite of a cancelled voucher's entries."""
	filters = {"voucher_type": voucher.doctype, "voucher_no": voucher.name, "is_cancelled": 0}
	rows = frappe.get_all("GL Entry", filters, ["name", "account", "debit", "credit", "party", "cost_center"])
	for row in rows:
		frappe.db.set_value("GL Entry", row.name, "is_cancelled", 1)
		entry = Entry(row.account, party=row.party, cost_center=row.cost_center)
		insert_entry(voucher, entry, row.credit, row.debit, is_cancelled=1)


def require_open_account(account: str, company: str):
	fields = ["company", "is_group", "disabled", "freeze_account"]
	found = frappe.db.get_value("Account", account, fields, as_dict=True)
	if not found or found.company != company or found.is_group:
		frappe.throw(_("{0} is no account of {1} that can be booked to").format(account, company))
	if found.disabled or found.freeze_account == "Yes":
		frappe.throw(_("Account {0} is disabled or frozen").format(account))


def insert_entry(voucher, entry: Entry, debit: float, credit: float, is_cancelled: int = 0):
	frappe.get_doc(
		{
			"doctype": "GL Entry",
			"posting_date": voucher.posting_date,
			"account": entry.account,
			"party_type": "Customer" if entry.party else None,
			"party": entry.party,
			"cost_center": entry.cost_center,
			"debit": debit,
			"credit": credit,
			"debit_in_account_currency": debit,
			"credit_in_account_currency": credit,
			"voucher_type": voucher.doctype,
			"voucher_no": voucher.name,
			"company": voucher.company,
			"is_cancelled": is_cancelled,
		}
	).insert(ignore_permissions=True)  # whoever may submit the voucher books it
