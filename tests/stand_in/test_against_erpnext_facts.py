"""The stand-in's DocTypes are subsets of ERPNext's. These tests need no site.

`tests/data/erpnext-15-doctypes.json` holds, for ERPNext 15.71, every field's name, type, options, default and
mandatory flag, and each DocType's naming, kind and permissions.
"""

import copy

import pytest

from tests.stand_in.facts import FACTS, STAND_IN, differences, stand_in_doctypes

pytestmark = pytest.mark.stand_in

DOCTYPES = stand_in_doctypes()


@pytest.mark.parametrize("name", sorted(DOCTYPES))
def test_doctype_is_a_subset_of_erpnexts(name):
	assert differences(DOCTYPES[name]) == []


@pytest.mark.parametrize("name", sorted(DOCTYPES))
def test_doctype_lies_where_erpnext_has_it_and_has_a_controller(name):
	doctype = DOCTYPES[name]
	folder = STAND_IN / doctype["module"].lower() / "doctype" / name.lower().replace(" ", "_")
	assert sorted(path.suffix for path in folder.glob(f"{folder.name}.*")) == [".json", ".py"]
	assert doctype["module"] in (STAND_IN / "modules.txt").read_text().splitlines()


def test_every_doctype_that_medgrid_touches_is_there():
	needed = {
		*("Company", "Warehouse", "UOM", "Bin", "Price List", "Selling Settings", "Stock Settings"),
		*("Item", "Item Default", "Item Supplier", "Item Group", "Item Price", "UOM Conversion Detail"),
		*("Customer", "Customer Group", "Territory", "Supplier", "Supplier Group", "Portal User"),
		*(
			"Sales Order",
			"Sales Order Item",
			"Sales Taxes and Charges",
			"Quotation",
			"Quotation Item",
			"Sales Invoice",
			"Sales Invoice Item",
			"Sales Taxes and Charges Template",
			"Payment Schedule",
			"GL Entry",
			"Delivery Note",
			"Delivery Note Item",
		),
		*("Stock Entry", "Stock Entry Detail", "Stock Entry Type", "Stock Ledger Entry", "Account"),
		*("Lead", "CRM Settings"),
	}
	assert needed - set(DOCTYPES) == set()


@pytest.mark.parametrize("fieldname", ["lr_no", "transporter"])
def test_shipping_fields_of_a_submitted_delivery_note_are_closed(fieldname):
	fields = {field["fieldname"]: field for field in DOCTYPES["Delivery Note"]["fields"]}
	assert not fields[fieldname].get("allow_on_submit")


@pytest.mark.parametrize(
	("change", "difference"),
	[
		({"fieldname": "item_codes"}, "ERPNext has no field item_codes"),
		({"fieldtype": "Int"}, "fieldtype of item_code is 'Int', in ERPNext 'Data'"),
		({"reqd": 0}, "reqd of item_code is None, in ERPNext 1"),
		({"options": "Email"}, "options of item_code is 'Email', in ERPNext None"),
		({"default": "X"}, "default of item_code is 'X', in ERPNext None"),
	],
)
def test_changed_field_is_found(change, difference):
	item = copy.deepcopy(DOCTYPES["Item"])
	next(field for field in item["fields"] if field["fieldname"] == "item_code").update(change)
	assert difference in differences(item)


@pytest.mark.parametrize(
	("change", "difference"),
	[
		({"autoname": "hash"}, "autoname is 'hash', in ERPNext 'field:item_code'"),
		({"is_submittable": 1}, "is_submittable is 1, in ERPNext 0"),
		({"istable": 1}, "istable is 1, in ERPNext 0"),
		({"issingle": 1}, "issingle is 1, in ERPNext 0"),
		({"name": "Gadget"}, "there are no facts about Gadget"),
	],
)
def test_changed_doctype_is_found(change, difference):
	assert difference in differences(DOCTYPES["Item"] | change)


def test_right_that_erpnext_does_not_grant_is_found():
	item = copy.deepcopy(DOCTYPES["Item"])
	item["permissions"].append({"role": "Sales User", "read": 1, "delete": 1})
	item["permissions"].append({"role": "Customer", "read": 1})
	assert differences(item) == [
		"Sales User may delete at level 0, in ERPNext not",
		"Customer may read at level 0, in ERPNext not",
	]


def test_missing_mandatory_field_is_found():
	item = copy.deepcopy(DOCTYPES["Item"])
	item["fields"] = [field for field in item["fields"] if field["fieldname"] != "stock_uom"]
	assert differences(item) == ["the mandatory field stock_uom is missing"]


def test_link_to_a_doctype_that_is_nowhere_is_found():
	item = copy.deepcopy(DOCTYPES["Item"])
	facts = FACTS | {"Item": copy.deepcopy(FACTS["Item"])}
	item["fields"].append({"fieldname": "default_bom", "fieldtype": "Link", "options": "BOM"})
	assert differences(item, facts) == ["default_bom points to BOM, which is nowhere"]
