"""The vendor whose rows are looked at: with a user, a connection to ShipStation and one to Shopify."""

import frappe

from sandbox.growth.expressions import MARK, Scene

USER = "growth-{0}@vendor.example"


def make(name: str = "vendor") -> Scene:
	"""Makes them in the current database. Commits.

	:param name: of the vendor.
	"""
	supplier = _insert("Supplier", supplier_name=f"{MARK} {name}", supplier_group=_any("Supplier Group"))
	user = USER.format(name)
	_insert("User", email=user, first_name="Growth", send_welcome_email=0)
	document = frappe.get_doc("Supplier", supplier)
	document.append("portal_users", {"user": user})
	document.save(ignore_permissions=True)
	item = frappe.db.get_value("Item", {"disabled": 0, "has_variants": 0})
	connections = [
		_insert(
			"Vendor Connection",
			supplier=supplier,
			user=user,
			integration=integration,
			account_name="default",
			status="connected",
			account=f"{MARK} account",
		)
		for integration in ("shipstation", "shopify")
	]
	frappe.db.commit()
	return Scene(
		supplier=supplier,
		user=user,
		connection=connections[0],
		shopify=connections[1],
		account=f"{MARK} account",
		company=_any("Company"),
		customer=_any("Customer"),
		address=f"{MARK} address 1",
		item=item,
		shop=frappe.db.get_single_value("System Settings", "exoceuticals_shop_domain")
		or "growth.myshopify.com",
	)


def _any(doctype: str) -> str:
	return frappe.get_all(doctype, pluck="name", limit=1)[0]


def _insert(doctype: str, **values: object) -> str:
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True).name
