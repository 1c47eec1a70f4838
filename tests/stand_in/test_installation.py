"""What the stand-in's installation leaves on a site, as ERPNext's installation and setup wizard do."""

import frappe
import pytest

pytestmark = pytest.mark.stand_in


@pytest.mark.parametrize(
	("doctype", "root", "leaf"),
	[
		("Item Group", "All Item Groups", "Products"),
		("Customer Group", "All Customer Groups", "Commercial"),
		("Territory", "All Territories", "United States"),
		("Supplier Group", "All Supplier Groups", "Services"),
	],
)
def test_tree_has_a_root_and_leaves(site, doctype, root, leaf):
	parent = frappe.db.get_value(doctype, leaf, f"parent_{frappe.scrub(doctype)}")
	assert parent == root
	outer = frappe.db.get_value(doctype, root, ["lft", "rgt", "is_group"])
	inner = frappe.db.get_value(doctype, leaf, ["lft", "rgt", "is_group"])
	assert outer[0] < inner[0] < inner[1] < outer[1]
	assert (outer[2], inner[2]) == (1, 0)


@pytest.mark.parametrize(
	"role",
	[
		"Item Manager",
		"Stock User",
		"Stock Manager",
		"Sales User",
		"Sales Manager",
		"Sales Master Manager",
		"Purchase User",
		"Purchase Manager",
		"Purchase Master Manager",
		"Accounts User",
		"Accounts Manager",
	],
)
def test_role_of_the_office_has_desk_access(site, role):
	assert frappe.db.get_value("Role", role, "desk_access") == 1


@pytest.mark.parametrize("role", ["Customer", "Supplier"])
def test_role_of_the_portal_has_no_desk_access(site, role):
	assert frappe.db.get_value("Role", role, "desk_access") == 0


@pytest.mark.parametrize(("uom", "whole"), [("Nos", 1), ("Box", 1), ("Each", 0), ("Kg", 0), ("Pound", 0)])
def test_usual_units_are_there(site, uom, whole):
	assert frappe.db.get_value("UOM", uom, ["must_be_whole_number", "enabled"]) == (whole, 1)


def test_there_are_standard_price_lists_and_defaults(site):
	assert frappe.db.get_single_value("Selling Settings", "selling_price_list")
	assert frappe.db.get_single_value("Buying Settings", "buying_price_list") == "Standard Buying"
	assert frappe.db.get_value("Price List", "Standard Selling", ["selling", "buying", "enabled"]) == (
		1,
		0,
		1,
	)


@pytest.mark.parametrize("purpose", ["Material Receipt", "Material Issue", "Material Transfer"])
def test_stock_entry_types_are_standard(site, purpose):
	assert frappe.db.get_value("Stock Entry Type", purpose, ["purpose", "is_standard"]) == (purpose, 1)


def test_naming_rules_reached_the_sites_defaults(site):
	assert frappe.db.get_default("cust_master_name") == "Customer Name"
	assert frappe.db.get_default("supp_master_name") == "Supplier Name"
	assert frappe.db.get_default("item_naming_by") == "Item Code"


def test_every_pair_of_item_and_warehouse_can_have_only_one_bin(site):
	indexes = frappe.db.sql("show index from `tabBin` where Key_name = 'unique_item_warehouse'", as_dict=True)
	assert [(row.Column_name, row.Non_unique) for row in indexes] == [("item_code", 0), ("warehouse", 0)]
