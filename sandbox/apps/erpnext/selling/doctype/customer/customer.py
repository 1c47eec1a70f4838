"""A Customer, named after its customer_name unless Selling Settings say otherwise."""

import frappe
from frappe import _

from erpnext.accounts.party_masters import PartyMaster, next_free_name


class Customer(PartyMaster):
	naming_default = "cust_master_name"

	def name_from_party_name(self) -> str:
		name = next_free_name("Customer", self.customer_name)
		if name != self.customer_name:
			frappe.msgprint(
				_("There is a Customer {0} already; this one is {1}").format(self.customer_name, name)
			)
		return name

	def on_update(self):
		if frappe.db.exists("Customer Group", self.name):
			frappe.throw(_("{0} is the name of a Customer Group").format(self.name), frappe.NameError)
		super().on_update()
