"""A Supplier, named after its supplier_name unless Buying Settings say otherwise."""

from erpnext.accounts.party_masters import PartyMaster


class Supplier(PartyMaster):
	naming_default = "supp_master_name"

	def before_save(self):
		if not self.on_hold:
			self.hold_type, self.release_date = "", None
		elif not self.hold_type:
			self.hold_type = "All"
