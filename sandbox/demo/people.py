"""Vendors, customers with US addresses, and everybody who can log in."""

import frappe
from frappe.utils.password import set_encrypted_password

from sandbox import state
from sandbox.demo.cast import CONNECTOR, CUSTOMERS, PORTAL_CUSTOMER, SALES_REP, VENDORS
from sandbox.demo.records import ensure


def load() -> None:
	for customer in CUSTOMERS:
		_customer(*customer)
	for vendor, email in VENDORS.items():
		_user(email, vendor, "vendor", roles=["Supplier"])
		_portal_link("Supplier", vendor, email, supplier_group="Distributor", country="United States")
	portal_email = next(row[1] for row in CUSTOMERS if row[0] == PORTAL_CUSTOMER)
	_user(portal_email, PORTAL_CUSTOMER, "customer", roles=["Customer"])
	_portal_link("Customer", PORTAL_CUSTOMER, portal_email)
	_user(SALES_REP, "Riley Ortega", "sales rep", roles=["Sales User"])
	_user(CONNECTOR, "Vertex app", "connector", roles=["Vertex Connector"])
	_give_token("Administrator")


def _customer(name, email, phone, street, city, province, zip_code) -> None:
	ensure(
		"Customer",
		{"customer_name": name},
		customer_type="Company",
		customer_group="Commercial",
		territory="United States",
	)
	link = [{"link_doctype": "Customer", "link_name": name}]
	ensure(
		"Address",
		{"address_title": name, "address_type": "Shipping"},
		address_line1=street,
		city=city,
		state=province,
		pincode=zip_code,
		country="United States",
		phone=phone,
		email_id=email,
		is_primary_address=1,
		is_shipping_address=1,
		links=link,
	)
	ensure(
		"Contact",
		{"first_name": "Purchasing", "company_name": name},
		email_ids=[{"email_id": email, "is_primary": 1}],
		phone_nos=[{"phone": phone, "is_primary_phone": 1}],
		is_primary_contact=1,
		links=link,
	)


def _user(email: str, name: str, role: str, *, roles: list[str]) -> None:
	password = state.password(f"user {email}")
	if not frappe.db.exists("User", email):
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": name,
				"send_welcome_email": 0,
				"roles": [{"role": role_name} for role_name in roles],
			}
		)
		user.flags.no_welcome_mail = True
		user.insert()
		frappe.utils.password.update_password(email, password)
	facts = state.load()
	others = [entry for entry in facts.get("users", []) if entry["user"] != email]
	facts["users"] = [*others, {"user": email, "role": role, "password": password}]
	state.save(facts)
	_give_token(email)


def _portal_link(doctype: str, name: str, email: str, **values) -> None:
	"""Makes a user a portal user of a supplier or customer."""
	title = f"{doctype.lower()}_name"
	party = ensure(doctype, {title: name}, **values)
	if email not in [row.user for row in party.portal_users]:
		party.append("portal_users", {"user": email})
		party.save()


def _give_token(user: str) -> None:
	"""API keys that stay the same as long as the checkout's state does."""
	api_key = frappe.db.get_value("User", user, "api_key")
	known = state.load().get("tokens", {}).get(user, {})
	if api_key and api_key == known.get("api_key"):
		return
	api_key, api_secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	# The mask is what Frappe itself stores: with an empty field the User's next save would forget the secret.
	frappe.db.set_value("User", user, {"api_key": api_key, "api_secret": "*" * 15})
	set_encrypted_password("User", user, api_secret, "api_secret")
	facts = state.load()
	facts.setdefault("tokens", {})[user] = {
		"api_key": api_key,
		"api_secret": api_secret,
		"authorization": f"token {api_key}:{api_secret}",
	}
	state.save(facts)
