"""The addresses that hostile requests go to."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from random import Random

import frappe

from tests.hostile.forged import Forged

# Modules whose functions are RPCs.
PACKAGES = ("medgrid.integrations", "medgrid.exoceuticals", "medgrid.vertex")
MODULES = ("medgrid.catalog", "medgrid.account", "medgrid.contact_api")
# Frappe's own methods that read, or that change nothing of somebody else's.
FRAPPE_METHODS = (
	"ping",
	"frappe.ping",
	"login",
	"run_doc_method",
	"frappe.auth.get_logged_user",
	"frappe.client.get",
	"frappe.client.get_count",
	"frappe.client.get_list",
	"frappe.client.get_password",
	"frappe.client.get_value",
	"frappe.client.has_permission",
	"frappe.client.validate_link",
	"frappe.desk.form.load.getdoc",
	"frappe.desk.form.load.getdoctype",
	"frappe.desk.form.utils.add_comment",
	"frappe.desk.reportview.export_query",
	"frappe.desk.reportview.get",
	"frappe.desk.reportview.get_count",
	"frappe.desk.reportview.get_list",
	"frappe.desk.search.search_link",
	"frappe.desk.search.search_widget",
	"frappe.utils.print_format.download_pdf",
)
PAGES = (
	"/portal",
	"/portal/integrations",
	"/portal/orders",
	"/portal/order",
	"/portal/products",
	"/portal/catalog",
	"/portal/settings",
	"/login",
	"/no/such/page",
)
DOCTYPES = (
	"Vendor Connection",
	"ShipStation Order",
	"Medgrid Settings",
	"Vertex Merchant",
	"Vertex Tax Document",
	"Item",
	"Sales Order",
	"User",
	"ToDo",
)
# What Frappe reads of any request, or of many.
FRAPPE_PARAMETERS = (
	*("cmd", "_lang", "sid", "_type", "method", "args", "docs", "dt", "dn", "doctype", "name", "docname"),
	*("filters", "or_filters", "fields", "order_by", "group_by", "limit_start", "limit_page_length", "limit"),
	*(
		"txt",
		"reference_doctype",
		"expand_links",
		"expand",
		"data",
		"doc",
		"parent",
		"usr",
		"pwd",
		"fieldname",
	),
)


@dataclass(frozen=True)
class Door:
	"""
	:param parameters: names that are read there.
	:param command: the RPC's dotted name; empty for other addresses.
	:param forge: makes a request that begins as a good one; None: there is none to begin from.
	"""

	path: str
	parameters: tuple[str, ...]
	command: str = ""
	forge: Callable[[Random], Forged] | None = None

	@property
	def is_ours(self) -> bool:
		return self.command.startswith("medgrid.")


def all_doors() -> list[Door]:
	"""MedGrid's RPCs, each in Frappe's two versions; Frappe's methods; documents; pages; files."""
	return [*_rpc_doors(), *_frappe_doors(), *_document_doors(), *_page_doors()]


def rpcs() -> dict[str, tuple[str, ...]]:
	"""The dotted name of each of MedGrid's RPCs, and its parameters."""
	found = {}
	for package in PACKAGES:
		functions = import_module(package)
		for name in functions.__all__:
			found[f"{package}.{name}"] = _parameters(getattr(functions, name))
	for module in MODULES:
		for name, function in vars(import_module(module)).items():
			if (
				inspect.isfunction(function)
				and function in frappe.whitelisted
				and function.__module__ == module
			):
				found[f"{module}.{name}"] = _parameters(function)
	return found


def _parameters(function) -> tuple[str, ...]:
	return tuple(inspect.signature(_declared(function)).parameters)


def _declared(function):
	"""The function that an RPC's decorator encloses: Frappe does not see its signature."""
	waiting, seen = [function], []
	while waiting:
		seen.append(waiting.pop())
		waiting += [inner for inner in _enclosed(seen[-1]) if inner not in seen]
	named = [inner for inner in seen if inner.__qualname__ == function.__qualname__]
	return named[-1]


def _enclosed(function) -> list:
	contents = [cell.cell_contents for cell in function.__closure__ or ()]
	return [each for each in contents if inspect.isfunction(each) and each.__module__.startswith("medgrid.")]


def _rpc_doors() -> Iterator[Door]:
	for command, parameters in rpcs().items():
		for prefix in ("/api/method/", "/api/v1/method/", "/api/v2/method/"):
			yield Door(f"{prefix}{command}", parameters, command)


def _frappe_doors() -> Iterator[Door]:
	for command in FRAPPE_METHODS:
		yield Door(f"/api/method/{command}", FRAPPE_PARAMETERS, command)
		yield Door(f"/api/v2/method/{command}", FRAPPE_PARAMETERS, command)
	for command in ("medgrid.no.such", "medgrid.install.drop_indexes", "no.such", "..", "%00", "medgrid."):
		yield Door(f"/api/method/{command}", FRAPPE_PARAMETERS, command)


def _document_doors() -> Iterator[Door]:
	for doctype in DOCTYPES:
		for spelling in _spellings(doctype):
			for base in ("/api/resource", "/api/v1/resource", "/api/v2/document", "/api/v2/doctype"):
				yield Door(f"{base}/{spelling}", FRAPPE_PARAMETERS)
				yield Door(f"{base}/{spelling}/no-such-name", FRAPPE_PARAMETERS)


def _spellings(doctype: str) -> Iterator[str]:
	name = doctype.replace(" ", "%20")
	yield from (
		name,
		name.lower(),
		name.upper(),
		f"{name}%E2%80%8B",
		f"{name}%00",
		name.replace("e", "%C3%A9"),
	)


def _page_doors() -> Iterator[Door]:
	for page in PAGES:
		yield Door(page, FRAPPE_PARAMETERS)
	yield Door("/", FRAPPE_PARAMETERS)
	yield Door("/printview", FRAPPE_PARAMETERS)
	yield Door("/private/files/..%2f..%2fsite_config.json", ())
