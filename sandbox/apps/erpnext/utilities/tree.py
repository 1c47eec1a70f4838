"""What Item Group, Customer Group, Supplier Group and Territory have in common: one tree with one root."""

from frappe.utils.nestedset import NestedSet, get_root_of


class SingleRootTree(NestedSet):
	def validate(self):
		if not self.get(self.nsm_parent_field):
			self.set(self.nsm_parent_field, self.other_root())

	def other_root(self) -> str | None:
		root = get_root_of(self.doctype)
		return root if root != self.name else None

	def on_update(self):
		super().on_update()
		self.validate_one_root()

	def on_trash(self):
		super().on_trash(allow_root_deletion=True)
