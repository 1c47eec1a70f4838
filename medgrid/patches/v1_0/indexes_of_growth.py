"""Adds the indexes without which reads of release 0.1 scan tables that grow. Frappe calls a DocType's
`on_doctype_update` only if its JSON file has changed."""

from importlib import import_module

DOCTYPES = (
	"exoceuticals_unmatched_variant",
	"integration_event",
	"integration_issue",
	"shipstation_order",
	"shipstation_shipment",
	"sync_run",
	"vendor_product",
	"vertex_data_volume",
	"vertex_tax_document",
)


def execute() -> None:
	for name in DOCTYPES:
		import_module(f"medgrid.medgrid.doctype.{name}.{name}").on_doctype_update()
