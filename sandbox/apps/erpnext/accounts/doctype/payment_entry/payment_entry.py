"""Money that a customer has paid before there is an invoice. The stand-in knows no other payments."""

from frappe.model.document import Document

from erpnext.accounts.general_ledger import Entry, make_gl_entries, reverse_gl_entries


class PaymentEntry(Document):
	def validate(self):
		self.unallocated_amount = self.paid_amount

	def on_submit(self):
		received = Entry(self.paid_to, debit=self.paid_amount)
		make_gl_entries(self, [received, Entry(self.paid_from, credit=self.paid_amount, party=self.party)])

	def on_cancel(self):
		self.ignore_linked_doctypes = ("GL Entry",)
		reverse_gl_entries(self)
