"""What a line of a sale takes over from its Item, the item's defaults and the price list."""

import frappe
from frappe import _
from frappe.utils import cstr, flt

from erpnext.accounts.item_prices import get_price_list_rate
from erpnext.stock.doctype.item.item import get_item_defaults, validate_end_of_life

# taken over even when the caller has sent something else
FORCED = ("item_group", "brand", "stock_uom", "weight_per_unit", "weight_uom", "total_weight")
EMPTY_AMOUNTS = (
	"rate",
	"base_rate",
	"amount",
	"base_amount",
	"net_rate",
	"net_amount",
	"discount_percentage",
)


def set_item_details(doc, row):
	"""Fill what is missing in a line. `doc` is the Sales Order or Delivery Note that holds `row`."""
	item = frappe.get_cached_doc("Item", row.item_code)
	validate_end_of_life(item.name, item.end_of_life, item.disabled)
	if item.has_variants:
		frappe.throw(_("Item {0} is a template; choose one of its variants").format(item.name))
	details = get_item_details(doc, row, item)
	for fieldname, value in details.items():
		if value is None or not row.meta.has_field(fieldname):
			continue
		if row.get(fieldname) is None or fieldname in FORCED:
			row.set(fieldname, value)
	row.conversion_factor = row.conversion_factor or details.conversion_factor


def get_item_details(doc, row, item) -> frappe._dict:
	defaults = get_item_defaults(item.name, doc.company)
	uom = row.uom or item.sales_uom or item.stock_uom
	details = frappe._dict(dict.fromkeys(EMPTY_AMOUNTS, 0.0))
	details.update(
		item_name=item.item_name,
		item_group=item.item_group,
		brand=item.brand,
		description=cstr(item.description).strip(),
		image=cstr(item.image).strip(),
		uom=uom,
		stock_uom=item.stock_uom,
		conversion_factor=conversion_factor_of(row, item, uom),
		warehouse=row.warehouse or default_warehouse(doc, defaults),
		supplier=defaults.get("default_supplier"),
		expense_account=defaults.get("expense_account")
		or frappe.get_cached_value("Company", doc.company, "default_expense_account"),
		is_stock_item=item.is_stock_item,
	)
	details.update(weight_details(row, item, details))
	details.update(stock_details(item, details.warehouse))
	details.price_list_rate = get_price_list_rate(doc, row, details)
	return details


def conversion_factor_of(row, item, uom: str) -> float:
	if uom == item.stock_uom:
		row.conversion_factor = 1.0  # ERPNext ignores another factor for the stock unit as well
		return 1.0
	return flt(row.conversion_factor) or get_conversion_factor(item.name, uom)["conversion_factor"]


@frappe.whitelist()
def get_conversion_factor(item_code: str, uom: str) -> dict[str, float]:
	"""How many stock units one `uom` of the item holds; 1 when the item does not say."""
	parents = [item_code, frappe.db.get_value("Item", item_code, "variant_of") or item_code]
	row = {"parent": ["in", parents], "uom": uom}
	return {
		"conversion_factor": flt(frappe.db.get_value("UOM Conversion Detail", row, "conversion_factor"))
		or 1.0
	}


def default_warehouse(doc, defaults) -> str | None:
	warehouse = (
		doc.get("set_warehouse") or defaults.get("default_warehouse") or group_warehouse(doc, defaults)
	)
	if warehouse:
		return warehouse
	fallback = frappe.db.get_single_value("Stock Settings", "default_warehouse")
	if fallback and frappe.db.get_value("Warehouse", fallback, "company") == doc.company:
		return fallback
	return None


def group_warehouse(doc, defaults) -> str | None:
	"""The default of the item's group, else of its brand, in the document's company."""
	for parent in (defaults.item_group, defaults.brand):
		row = {"parent": parent, "company": doc.company}
		warehouse = parent and frappe.db.get_value("Item Default", row, "default_warehouse")
		if warehouse:
			return warehouse
	return None


def weight_details(row, item, details) -> dict:
	weight = flt(row.weight_per_unit) or flt(item.weight_per_unit)
	if not weight:
		return {"weight_uom": row.weight_uom or item.weight_uom}
	stock_qty = flt(row.qty) * flt(details.conversion_factor)
	return {
		"weight_per_unit": weight,
		"weight_uom": row.weight_uom or item.weight_uom,
		"total_weight": weight * stock_qty,
	}


def stock_details(item, warehouse: str | None) -> dict:
	if not (item.is_stock_item and warehouse):
		return {}
	key = {"item_code": item.name, "warehouse": warehouse}
	quantities = frappe.db.get_value("Bin", key, ["actual_qty", "projected_qty"], as_dict=True)
	return quantities or {"actual_qty": 0.0, "projected_qty": 0.0}
