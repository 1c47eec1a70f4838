"""The tree of sales territories."""

from erpnext.utilities.tree import SingleRootTree


class Territory(SingleRootTree):
	nsm_parent_field = "parent_territory"
