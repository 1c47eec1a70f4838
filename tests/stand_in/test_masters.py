"""Companies, warehouses, items, prices and parties of the stand-in behave as ERPNext's."""

import frappe
import pytest
from frappe.utils import add_days, today

from tests.stand_in import factories as make

pytestmark = pytest.mark.stand_in


def test_new_company_comes_with_its_warehouses(site):
	company = make.new_company(abbr="ZQX")
	warehouses = frappe.get_all(
		"Warehouse", {"company": company.name}, ["name", "is_group", "parent_warehouse"], order_by="lft"
	)
	assert [row.name for row in warehouses] == [
		"All Warehouses - ZQX",
		"Stores - ZQX",
		"Work In Progress - ZQX",
		"Finished Goods - ZQX",
		"Goods In Transit - ZQX",
	]
	assert warehouses[0].is_group == 1
	assert {row.parent_warehouse for row in warehouses[1:]} == {"All Warehouses - ZQX"}


def test_new_company_has_accounts_for_tax_and_freight(site):
	company = make.new_company(abbr="ZQX")
	accounts = {"name": ["in", ["ST 6% - ZQX", "Freight and Forwarding Charges - ZQX"]], "is_group": 0}
	assert sorted(frappe.get_all("Account", accounts, pluck="root_type")) == ["Expense", "Liability"]
	assert company.default_income_account == "Sales - ZQX"


def test_abbreviation_of_another_company_is_refused(site):
	make.new_company(abbr="ZQX")
	with pytest.raises(frappe.ValidationError, match="has the abbreviation ZQX already"):
		make.new_company(abbr="ZQX")


def test_warehouse_name_ends_in_the_abbreviation_once(site):
	company = make.new_company(abbr="ZQX").name
	plain = make.insert("Warehouse", warehouse_name="North", company=company)
	suffixed = make.insert("Warehouse", warehouse_name="South - ZQX", company=company)
	assert (plain.name, suffixed.name) == ("North - ZQX", "South - ZQX")


def test_warehouse_with_stock_cannot_be_deleted(site):
	item, warehouse = make.item(), make.warehouse()
	make.receive(item, 1, warehouse)
	with pytest.raises(frappe.ValidationError, match=f"still holds a quantity of {item}"):
		frappe.delete_doc("Warehouse", warehouse)


def test_item_is_named_and_described_by_its_code_at_least(site):
	item = frappe.get_doc("Item", make.item(item_code=" GAUZE-ZQX "))
	assert (item.name, item.item_name, item.description) == ("GAUZE-ZQX",) * 3
	assert [(row.uom, row.conversion_factor) for row in item.uoms] == [("Nos", 1)]


def test_scripts_are_cleaned_out_of_a_description(site):
	item = make.item(description='<p onclick="x()">soft <script>alert(1)</script><b>gauze</b></p>')
	description = frappe.db.get_value("Item", item, "description")
	assert "<script" not in description and "onclick" not in description
	assert "<b>gauze</b>" in description


def test_item_without_a_group_is_refused(site):
	with pytest.raises(frappe.MandatoryError, match="item_group"):
		make.item(item_group=None)


def test_standard_rate_becomes_a_price_in_the_default_list(site):
	item = make.item(standard_rate=9.5)
	price = frappe.get_last_doc("Item Price", {"item_code": item})
	assert (price.price_list, price.price_list_rate) == (make.default_price_list(), 9.5)
	assert price.uom == "Nos"
	assert (price.selling, price.buying, price.currency) == (1, 0, "USD")


def test_opening_stock_is_received_at_the_valuation_rate(site):
	company, warehouse = make.company(), make.warehouse()
	defaults = [{"company": company, "default_warehouse": warehouse}]
	item = make.item(opening_stock=5, valuation_rate=2, item_defaults=defaults)
	assert make.bin_of(item, warehouse) == {
		"actual_qty": 5,
		"reserved_qty": 0,
		"projected_qty": 5,
		"valuation_rate": 2,
		"stock_value": 10,
	}


def test_stock_uom_cannot_change_once_stock_moved(site):
	item = make.item()
	make.receive(item, 1, make.warehouse())
	document = frappe.get_doc("Item", item)
	document.stock_uom = "Box"
	with pytest.raises(frappe.ValidationError, match="Stock UOM of Item"):
		document.save()


def test_barcode_of_another_item_is_refused(site):
	barcode = frappe.generate_hash(length=12)
	first = make.item(barcodes=[{"barcode": barcode}])
	with pytest.raises(frappe.ValidationError, match=f"belongs to Item {first} already"):
		make.item(barcodes=[{"barcode": barcode}])


def test_defaults_of_two_rows_for_one_company_are_refused(site):
	rows = [{"company": make.company()}, {"company": make.company()}]
	with pytest.raises(frappe.ValidationError, match="only one row of defaults"):
		make.item(item_defaults=rows)


def test_price_takes_item_and_list_over(site):
	item = make.item(item_name="Gauze", description="Soft", brand=make.insert("Brand", brand="Zqx").name)
	price = frappe.get_doc("Item Price", make.price(item, 12.35))
	assert (price.item_name, price.item_description, price.brand) == ("Gauze", "Soft", "Zqx")
	assert (price.uom, price.currency, price.selling, str(price.valid_from)) == ("Nos", "USD", 1, today())


def test_renamed_item_renames_its_prices(site):
	item = make.item(item_name="Gauze")
	price = make.price(item, 12)
	document = frappe.get_doc("Item", item)
	document.item_name = "Better Gauze"
	document.save()
	assert frappe.db.get_value("Item Price", price, "item_name") == "Better Gauze"


def test_same_price_twice_is_refused(site):
	from erpnext.stock.doctype.item_price.item_price import ItemPriceDuplicateItem

	item = make.item()
	make.price(item, 12)
	with pytest.raises(ItemPriceDuplicateItem, match=f"Item {item} has this price already"):
		make.price(item, 13)


@pytest.mark.parametrize("other", ["customer", "valid_from", "uom", "packing_unit"])
def test_price_that_differs_in_one_respect_is_another(site, other):
	item = make.item()
	make.price(item, 12)
	value = {
		"customer": make.customer,
		"valid_from": lambda: add_days(today(), 1),
		"uom": lambda: "Box",
		"packing_unit": lambda: 6,
	}[other]()
	assert frappe.db.get_value("Item Price", make.price(item, 13, **{other: value}), "price_list_rate") == 13


def test_price_that_ends_before_it_begins_is_refused(site):
	with pytest.raises(frappe.ValidationError, match="must be after"):
		make.price(make.item(), 12, valid_upto=add_days(today(), -1))


def test_price_in_a_disabled_list_is_refused(site):
	price_list = make.insert("Price List", price_list_name=make.unique("List"), selling=1, currency="USD")
	price_list.enabled = 0
	price_list.save()
	with pytest.raises(frappe.ValidationError, match="disabled or does not exist"):
		make.price(make.item(), 12, price_list=price_list.name)


def test_price_list_needs_a_side(site):
	with pytest.raises(frappe.ValidationError, match="buying or selling"):
		make.insert("Price List", price_list_name=make.unique("List"), currency="USD")


def test_change_of_a_price_list_reaches_its_prices(site):
	price_list = make.insert("Price List", price_list_name=make.unique("List"), selling=1, currency="USD")
	price = make.price(make.item(), 12, price_list=price_list.name)
	price_list.update({"buying": 1, "currency": "EUR"}).save()
	assert frappe.db.get_value("Item Price", price, ["buying", "selling", "currency"]) == (1, 1, "EUR")


def test_second_customer_of_a_name_gets_a_number(site):
	name = make.unique("Clinic")
	customers = [make.insert("Customer", customer_name=name).name for _ in range(3)]
	assert customers == [name, f"{name} - 1", f"{name} - 2"]


def test_second_supplier_of_a_name_is_refused(site):
	name = make.supplier()
	with pytest.raises(frappe.DuplicateEntryError):
		make.insert("Supplier", supplier_name=name)


@pytest.mark.parametrize("doctype", ["Customer", "Supplier"])
def test_naming_series_names_a_party_if_the_settings_say_so(site, doctype):
	settings, fieldname = {
		"Customer": ("Selling Settings", "cust_master_name"),
		"Supplier": ("Buying Settings", "supp_master_name"),
	}[doctype]
	make.change_settings(settings, **{fieldname: "Naming Series"})
	party = make.insert(doctype, **{f"{doctype.lower()}_name": make.unique("Party")})
	assert party.name.startswith({"Customer": "CUST-", "Supplier": "SUP-"}[doctype])


@pytest.mark.parametrize("doctype", ["Customer", "Supplier"])
def test_portal_user_gets_the_role_and_stays_off_the_desk(site, doctype):
	user = make.user()
	name = {"Customer": make.customer, "Supplier": make.supplier}[doctype](portal_users=[{"user": user}])
	assert [row.user for row in frappe.get_doc(doctype, name).portal_users] == [user]
	assert doctype in frappe.get_roles(user)
	assert frappe.db.get_value("User", user, "user_type") == "Website User"


def test_email_given_with_a_customer_becomes_its_contact(site):
	customer = frappe.get_doc("Customer", make.customer(email_id="a@stand-in.test", mobile_no="555-0100"))
	contact = frappe.get_doc("Contact", customer.customer_primary_contact)
	assert (contact.email_id, contact.mobile_no) == ("a@stand-in.test", "555-0100")
	assert contact.has_link("Customer", customer.name)


def test_address_given_with_a_customer_becomes_its_address(site):
	customer = make.customer(address_line1="1 Main St", city="Springfield", country="United States")
	address = frappe.get_doc("Address", frappe.db.get_value("Customer", customer, "customer_primary_address"))
	assert (address.address_line1, address.is_primary_address) == ("1 Main St", 1)
	assert address.has_link("Customer", customer)


def test_item_group_without_a_parent_goes_under_the_root(site):
	group = make.insert("Item Group", item_group_name=make.unique("Group"))
	assert group.parent_item_group == "All Item Groups"


def test_bin_is_unique_and_made_once(site):
	from erpnext.stock.utils import get_bin, get_or_make_bin

	item, warehouse = make.item(), make.warehouse()
	name = get_or_make_bin(item, warehouse)
	assert get_or_make_bin(item, warehouse) == get_bin(item, warehouse).name == name
	with pytest.raises(frappe.UniqueValidationError):
		make.insert("Bin", item_code=item, warehouse=warehouse)


def test_only_the_first_insert_of_a_bin_fires_events(site, monkeypatch):
	from frappe.model.document import Document

	fired = []
	run_method = Document.run_method

	def note(document, method, *args, **kwargs):
		if document.doctype == "Bin":
			fired.append(method)
		return run_method(document, method, *args, **kwargs)

	monkeypatch.setattr(Document, "run_method", note)
	item, warehouse = make.item(), make.warehouse()
	make.receive(item, 1, warehouse)
	assert "after_insert" in fired
	fired.clear()
	make.receive(item, 2, warehouse)
	assert fired == []
	assert make.bin_of(item, warehouse).actual_qty == 3
