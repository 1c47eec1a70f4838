"""What ERPNext's installation and setup wizard leave on a site before its first Company exists."""

import frappe

WHOLE_NUMBER_UOMS = ("Nos", "Unit", "Box", "Pair", "Set")
# ERPNext itself ships none of these eight; a wholesaler of medical products adds them.
WHOLESALE_UOMS = ("Each", "Case", "Bottle", "Pack", "Tube", "Roll", "Bag", "Kit")
MEASURES = (
	"Pound",
	"Ounce",
	"Gram",
	"Kg",
	"Milligram",
	"Litre",
	"Millilitre",
	"Meter",
	"Centimeter",
	"Inch",
	"Foot",
)

TREES = {
	"Item Group": (
		"All Item Groups",
		("Products", "Raw Material", "Services", "Sub Assemblies", "Consumable"),
	),
	"Customer Group": ("All Customer Groups", ("Individual", "Commercial", "Non Profit", "Government")),
	"Territory": ("All Territories", ("United States", "Rest Of The World")),
	"Supplier Group": (
		"All Supplier Groups",
		("Services", "Local", "Raw Material", "Electrical", "Hardware", "Pharmaceutical", "Distributor"),
	),
}
STOCK_ENTRY_TYPES = ("Material Receipt", "Material Issue", "Material Transfer")
# All other roles come with the permissions of the DocTypes.
PORTAL_ROLES = ("Customer", "Supplier")


US_ADDRESS = """{{ address_line1 }}<br>
{% if address_line2 %}{{ address_line2 }}<br>
{% endif %}{{ city }}{% if state %}, {{ state }}{% endif %}{% if pincode %} {{ pincode }}{% endif %}<br>
{% if country != "United States" %}{{ country }}<br>
{% endif %}"""


def after_install():
	finish_framework_setup()
	create_roles()
	create_uoms()
	create_trees()
	create_stock_masters()
	enable_currency("USD")
	save_settings()
	create_price_lists()


def finish_framework_setup():
	"""What the framework's setup wizard leaves and sales rely on: rounding, language, address format."""
	settings = frappe.get_single("System Settings")
	settings.rounding_method = "Banker's Rounding"
	settings.language = settings.language or "en"
	settings.country = settings.country or "United States"
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)  # installing: there is no user yet who could hold a role
	insert_if_missing(
		"Address Template", "United States", country="United States", is_default=1, template=US_ADDRESS
	)


def create_roles():
	for role in PORTAL_ROLES:
		insert_if_missing("Role", role, role_name=role)
		frappe.db.set_value("Role", role, "desk_access", 0)


def create_uoms():
	for uom in (*WHOLE_NUMBER_UOMS, *WHOLESALE_UOMS, *MEASURES):
		insert_if_missing("UOM", uom, uom_name=uom, must_be_whole_number=int(uom in WHOLE_NUMBER_UOMS))


def create_trees():
	for doctype, (root, leaves) in TREES.items():
		fieldname = frappe.scrub(doctype)
		insert_if_missing(doctype, root, is_group=1, **{f"{fieldname}_name": root})
		for leaf in leaves:
			insert_if_missing(doctype, leaf, **{f"{fieldname}_name": leaf, f"parent_{fieldname}": root})


def create_stock_masters():
	insert_if_missing("Warehouse Type", "Transit")
	for purpose in STOCK_ENTRY_TYPES:
		insert_if_missing("Stock Entry Type", purpose, purpose=purpose, is_standard=1)


def save_settings():
	"""Save each Single once: its field defaults come to exist, its naming rules reach the site's defaults."""
	save_single("Selling Settings", so_required="No", dn_required="No", allow_multiple_items=1)
	save_single("Buying Settings", maintain_same_rate=1, allow_multiple_items=1)
	save_single("CRM Settings")
	save_single(
		"Stock Settings",
		valuation_method="FIFO",
		stock_uom="Nos",
		auto_insert_price_list_rate_if_missing=1,
		update_price_list_based_on="Rate",
	)


def create_price_lists():
	"""The first selling and the first buying list become the default of their settings by themselves."""
	insert_if_missing(
		"Price List", "Standard Buying", price_list_name="Standard Buying", buying=1, currency="USD"
	)
	insert_if_missing(
		"Price List", "Standard Selling", price_list_name="Standard Selling", selling=1, currency="USD"
	)


def enable_currency(currency: str):
	"""A setup wizard would have made the currency; a sandbox site may have been made without one."""
	insert_if_missing(
		"Currency", currency, currency_name=currency, symbol="$", smallest_currency_fraction_value=0.01
	)
	frappe.db.set_value("Currency", currency, "enabled", 1)


def save_single(doctype: str, **values):
	settings = frappe.get_single(doctype)
	for field in settings.meta.get("fields", {"default": ["is", "set"]}):
		if field.default and not settings.get(field.fieldname):
			settings.set(field.fieldname, field.default)
	settings.update(values)
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)  # installing, as above


def insert_if_missing(doctype: str, name: str, **values):
	if frappe.db.exists(doctype, name):
		return
	doc = frappe.get_doc({"doctype": doctype, "name": name, **values})
	doc.insert(ignore_permissions=True)  # installing, as above
