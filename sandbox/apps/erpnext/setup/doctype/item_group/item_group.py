"""The tree of item groups."""

from erpnext.utilities.tree import SingleRootTree


class ItemGroup(SingleRootTree):
	nsm_parent_field = "parent_item_group"
