"""The tree of supplier groups."""

from erpnext.utilities.tree import SingleRootTree


class SupplierGroup(SingleRootTree):
	nsm_parent_field = "parent_supplier_group"
