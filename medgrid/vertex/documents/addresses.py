"""The addresses that decide the tax: where goods ship from, and where to. See docs/sales-tax.md, "What is
sent"."""

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _

from medgrid.clients.vertex.wire import Location
from medgrid.core.text import one_line
from medgrid.exceptions import RuleViolated
from medgrid.orders.provinces import province_code
from medgrid.vertex.contract.addresses import COUNTRIES, TERRITORIES
from medgrid.vertex.documents.scope import Scope

_FIELDS = ("address_line1", "address_line2", "city", "county", "state", "pincode", "country")
_WAREHOUSE = ("address_line_1", "address_line_2", "city", "state", "pin", "company", "parent_warehouse")
# A tree that is deeper is a circle.
_MAX_PARENTS = 20
# As text: building it takes longer than asking it, and a save asks it up to five times.
_PRIMARY_ADDRESS = """
	SELECT address.name FROM `tabDynamic Link` link
	JOIN `tabAddress` address ON address.name = link.parent
	WHERE link.parenttype = 'Address' AND link.link_doctype = %s AND link.link_name = %s
		AND address.disabled = 0
	ORDER BY address.is_primary_address DESC, address.creation, address.name
	LIMIT 1
"""
_LENGTHS = {
	"streetAddress1": 100,
	"streetAddress2": 100,
	"city": 60,
	"mainDivision": 60,
	"subDivision": 60,
	"postalCode": 20,
}


def destination_of(document, origin: Location | None) -> Location:
	"""Where a document's goods go.

	:param origin: where they ship from, which is where a sale at a counter takes place.
	:raises RuleViolated: the document has no address, or it lacks what a tax needs; the sentence names it.
	"""
	name = document.get("shipping_address_name") or document.get("customer_address")
	if name:
		return location_of(name)
	if document.get("is_pos") and origin:
		return origin
	raise RuleViolated(
		_("{0} has no shipping address. Choose the customer's address, then save again.").format(
			_(document.doctype)
		)
	)


def origin_address_of(document, scope: Scope) -> str:
	"""The name of the Address from which a document's goods ship.

	:raises RuleViolated: none is known.
	"""
	name = (
		document.get("dispatch_address_name")
		or document.get("company_address")
		or _primary_address("Company", document.company)
		or scope.origin_address
	)
	if not name:
		raise RuleViolated(
			_(
				"It is not known where the goods ship from. An administrator enters an Origin Address in the"
				" Vertex Merchant."
			)
		)
	return name


class Origins:
	"""Where the rows of one document ship from. Each warehouse is looked up once."""

	def __init__(self, document):
		self.document = document
		self.warehouses: dict[str, Location | None] = {}
		self.suppliers: dict[str, Location | None] = {}

	def of_row(self, row) -> Location | None:
		"""
		:returns: None: from where the document ships.
		"""
		if row.get("delivered_by_supplier") and row.get("supplier"):
			if row.supplier not in self.suppliers:
				name = _primary_address("Supplier", row.supplier)
				self.suppliers[row.supplier] = location_of(name) if name else None
			return self.suppliers[row.supplier]
		if self.document.get("dispatch_address_name") or not row.get("warehouse"):
			return None
		if row.warehouse not in self.warehouses:
			self.warehouses[row.warehouse] = _of_warehouse(row.warehouse)
		return self.warehouses[row.warehouse]


def _of_warehouse(name: str) -> Location | None:
	"""The address of a warehouse, or of the nearest parent that has one."""
	for warehouse in _with_parents(name):
		if address := _primary_address("Warehouse", warehouse.name):
			return location_of(address)
		if warehouse.city and warehouse.state and warehouse.pin:
			country = frappe.get_cached_value("Company", warehouse.company, "country")
			return _location(
				_("The warehouse {0}").format(warehouse.name),
				country,
				{
					"streetAddress1": warehouse.address_line_1,
					"streetAddress2": warehouse.address_line_2,
					"city": warehouse.city,
					"mainDivision": warehouse.state,
					"postalCode": warehouse.pin,
				},
			)
	return None


def _with_parents(name: str | None) -> Iterator[Any]:
	for _step in range(_MAX_PARENTS):
		row = name and frappe.get_cached_value("Warehouse", name, ["name", *_WAREHOUSE], as_dict=True)
		if not row:
			return
		yield row
		name = row.parent_warehouse


def _primary_address(doctype: str, name: str | None) -> str | None:
	"""The Address that is linked to a document: the primary one, else the oldest."""
	if not name:
		return None
	found = frappe.db.sql(_PRIMARY_ADDRESS, (doctype, name))
	return found[0][0] if found else None


def location_of(name: str) -> Location:
	"""An Address as Vertex needs it.

	:raises RuleViolated: it is deleted, or lacks what a tax needs; the sentence says what.
	"""
	row = frappe.db.get_value("Address", name, _FIELDS, as_dict=True)
	if not row:
		raise RuleViolated(_("The address {0} does not exist any more. Choose another one.").format(name))
	return _location(
		_("The address {0}").format(name),
		row.country,
		{
			"streetAddress1": row.address_line1,
			"streetAddress2": row.address_line2,
			"city": row.city,
			"mainDivision": row.state,
			"subDivision": row.county,
			"postalCode": row.pincode,
		},
	)


def _location(title: str, country: str | None, texts: dict[str, str | None]) -> Location:
	code = ((country and frappe.get_cached_value("Country", country, "code")) or "").upper()
	if code not in COUNTRIES:
		raise _lacks(title, _("a country with its ISO code"))
	values = {key: one_line(text or "", _LENGTHS[key]) for key, text in texts.items()}
	if code in TERRITORIES:
		code, values["mainDivision"] = "US", code
	if code in ("US", "CA"):
		_check_american(title, code, values)
		values["mainDivision"] = _division(code, values["mainDivision"])
	return Location(country=code, **{key: value for key, value in values.items() if value})


def _division(country: str, text: str) -> str:
	"""The code of a state, a province, or a territory that Frappe has as a country; what people wrote, if it
	is none of them."""
	if code := province_code(country, text):
		return code
	territory = (frappe.db.get_value("Country", text, "code") or "").upper()
	return territory if country == "US" and territory in TERRITORIES else text


def _check_american(title: str, code: str, values: dict[str, str]) -> None:
	if not values["mainDivision"]:
		raise _lacks(title, _("the state") if code == "US" else _("the province"))
	if not values["postalCode"]:
		raise _lacks(title, _("the ZIP code") if code == "US" else _("the postal code"))


def _lacks(title: str, part: str) -> RuleViolated:
	return RuleViolated(_("{0} lacks {1}. Complete it, then save again.").format(title, part))
