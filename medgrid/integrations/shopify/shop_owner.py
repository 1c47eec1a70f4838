"""A shop belongs to one Supplier: a second Supplier cannot connect it.

Otherwise the products would appear under both Suppliers. Nor can a Supplier connect one shop as two accounts.
"""

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction
from medgrid.exceptions import RuleViolated
from medgrid.integrations.connections.fields import DOCTYPE, OLDEST_FIRST
from medgrid.integrations.connections.issues import claimed_shop
from medgrid.issues.records import ADMINISTRATOR, open_issue
from medgrid.services.support import us

INTEGRATION = "shopify"


class ShopTaken(RuleViolated):
	"""Another Supplier has connected this shop.

	:param owners: the names of the Suppliers. The message does not contain them, because the reader must not
		learn who they are.
	"""

	def __init__(self, shop: str, owners: set[str]):
		super().__init__(
			_(
				"{0} is already connected by another Supplier, and a Shopify store can belong to one Supplier"
				" only. MedGrid's administrators were notified. Ask {1} if the store is yours."
			).format(shop, us())
		)
		self.shop, self.owners = shop, owners


def check_owner(
	shop: str, supplier: str, account_name: str | None = None, *, for_update: bool = False
) -> None:
	"""Checks that a shop is not connected elsewhere.

	:param supplier: the Supplier that connects the shop.
	:param account_name: as which account; None: as the first.
	:param for_update: lock the shop's connections until the transaction ends. Two Suppliers who connect the
		same shop at the same moment then wait for each other, if each has written its own connection before.
	:raises ShopTaken: another Supplier has connected it.
	:raises RuleViolated: the Supplier has connected it as another account.
	"""
	rows = frappe.db.get_values(
		DOCTYPE,
		{"shop": shop, "integration": INTEGRATION},
		["name", "supplier", "account_name"],
		for_update=for_update,
		as_dict=True,
	)
	if owners := {row.supplier for row in rows if row.supplier} - {supplier}:
		raise ShopTaken(shop, owners)
	if others := [row for row in rows if row.supplier and row.name != _name(supplier, account_name)]:
		raise RuleViolated(
			_("{0} is already connected, as the account {1}.").format(shop, others[0].account_name)
		)


def _name(supplier: str, account_name: str | None) -> str | None:
	key = {"supplier": supplier, "integration": INTEGRATION}
	if account_name:
		key["account_name"] = account_name
	return frappe.db.get_value(DOCTYPE, key, order_by=OLDEST_FIRST)


def notify_administrators(error: ShopTaken, supplier: str) -> None:
	"""Opens the issue about a shop that two Suppliers claim. Commits.

	:param supplier: the Supplier that wanted to connect the shop.
	"""
	in_transaction(
		lambda: open_issue(
			claimed_shop(error.shop),
			title=_("Shopify: two Suppliers claim the same store"),
			detail=_("{0} tried to connect the store {1}, which is connected by {2}.").format(
				supplier, error.shop, ", ".join(sorted(error.owners))
			),
			who_acts=ADMINISTRATOR,
			what_to_do=_(
				"Find out whose store it is. If it belongs to {0}, delete the other Supplier's Vendor"
				" Connection; then {0} can connect the store."
			).format(supplier),
		)
	)
