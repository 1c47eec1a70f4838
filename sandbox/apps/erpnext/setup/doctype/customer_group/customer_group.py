"""The tree of customer groups."""

from erpnext.utilities.tree import SingleRootTree


class CustomerGroup(SingleRootTree):
	nsm_parent_field = "parent_customer_group"
