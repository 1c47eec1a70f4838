"""The catalog that the catalog's tests expect: each item stands for one rule."""

from dataclasses import dataclass

import frappe
from frappe.utils import add_days, today

from tests.support.records import customer, item, price_list, set_price, set_stock, warehouse


@dataclass(frozen=True)
class Catalog:
	alpha: str
	beta: str
	group: str
	closed: str
	retail: str
	wholesale: str
	buying: str
	disabled_list: str


# item code -> (item name, description, stock in alpha, stock in beta)
ITEMS = {
	"MGT-GAUZE": ("MGT Gauze 100% Cotton", "<p>Sterile <strong>gauze</strong></p>", 12, 0),
	"MGT-GAUZE-100X": ("MGT Gauze 100x Cotton", "Not a percent sign", 5, 0),
	"MGT-UNDER": ("MGT Item_Underscore", "back\\slash inside", 3, 0),
	"MGT-PLAIN": ("MGT ItemXUnderscore", "no special sign", 4, 0),
	"MGT-UNICODE": ("MGT Mölnlycke Mepilex® – 10 × 10 cm 🩹", "Æther & Ωmega", 7, 2),
	"MGT-FRACTION": ("MGT Powder", "sold by weight", 2.5, 0),
	"MGT-BOTH": ("MGT Both Places", "in two warehouses", 30, 40),
	"MGT-BETA": ("MGT Beta Only", "only elsewhere", 0, 9),
	"MGT-SOLD-OUT": ("MGT Sold Out", "had stock once", 0, 0),
	"MGT-RETIRED": ("MGT Retired", "disabled since", 6, 0),
	"MGT-SAME-1": ("MGT Same Name", "two items share a name", 1, 0),
	"MGT-SAME-2": ("MGT Same Name", "two items share a name", 1, 1),
}


def make_catalog() -> Catalog:
	frappe.set_user("Administrator")
	catalog = _warehouses_and_price_lists()
	for code, (name, description, in_alpha, in_beta) in ITEMS.items():
		uom = "Kg" if code == "MGT-FRACTION" else "Nos"
		if not frappe.db.exists("Item", code):
			item(code, item_name=name, description=description, stock_uom=uom)
			_stock(code, catalog, in_alpha, in_beta)
	frappe.db.set_value("Item", "MGT-RETIRED", "disabled", 1)
	frappe.db.set_value("Warehouse", catalog.closed, "disabled", 1)
	_prices(catalog)
	frappe.db.commit()
	return catalog


def _stock(code: str, catalog: Catalog, in_alpha: float, in_beta: float) -> None:
	# Every item has been in alpha: its Bin stays when the stock is gone.
	set_stock(code, catalog.alpha, in_alpha or 1)
	set_stock(code, catalog.alpha, in_alpha)
	set_stock(code, catalog.beta, in_beta)
	if code == "MGT-BOTH":
		set_stock(code, catalog.closed, 8)


def _warehouses_and_price_lists() -> Catalog:
	return Catalog(
		alpha=warehouse("MGT Alpha"),
		beta=warehouse("MGT Beta"),
		group=warehouse("MGT Group", is_group=1),
		closed=warehouse("MGT Closed"),
		retail=price_list("MGT Retail"),
		wholesale=price_list("MGT Wholesale"),
		buying=price_list("MGT Buying", selling=0, buying=1),
		disabled_list=price_list("MGT Old List", enabled=0),
	)


def _prices(catalog: Catalog) -> None:
	for name in frappe.get_all("Item Price", filters={"price_list": ("like", "MGT %")}, pluck="name"):
		frappe.delete_doc("Item Price", name, force=True)
	set_price("MGT-GAUZE", catalog.retail, 28.5)
	set_price("MGT-GAUZE", catalog.wholesale, 24.2)
	set_price("MGT-BOTH", catalog.retail, 10, valid_from=add_days(today(), -30))
	set_price("MGT-BOTH", catalog.retail, 11.25, valid_from=add_days(today(), -3))
	set_price("MGT-BOTH", catalog.retail, 99, valid_from=add_days(today(), 3))
	set_price("MGT-BOTH", catalog.buying, 1)
	set_price(
		"MGT-UNDER",
		catalog.retail,
		5,
		valid_from=add_days(today(), -30),
		valid_upto=add_days(today(), -1),
	)
	_price_of_another_uom(catalog)
	_price_of_one_customer(catalog)
	_price_of_one_batch(catalog)
	set_price("MGT-FRACTION", catalog.retail, 12.345678)


def _price_of_another_uom(catalog: Catalog) -> None:
	document = frappe.get_doc("Item", "MGT-PLAIN")
	if "Box" not in [row.uom for row in document.uoms]:
		document.append("uoms", {"uom": "Box", "conversion_factor": 10})
		document.save()
	set_price("MGT-PLAIN", catalog.retail, 70, uom="Box")


def _price_of_one_customer(catalog: Catalog) -> None:
	set_price("MGT-SAME-1", catalog.retail, 3, customer=customer("MGT Clinic"))


def _price_of_one_batch(catalog: Catalog) -> None:
	# A batch of its own would need an item with batches; the price list only knows its number.
	name = set_price("MGT-SAME-2", catalog.retail, 4)
	frappe.db.set_value("Item Price", name, "batch_no", "MGT-BATCH")
