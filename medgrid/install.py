"""What installation adds to a site besides DocTypes, and what uninstallation removes again."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import click
import frappe
from frappe import _
from frappe.utils.background_jobs import get_queues

from medgrid.core import secrets
from medgrid.core.clock import utc_now
from medgrid.core.faults.borders import hook
from medgrid.core.redis_keys import delete_keys
from medgrid.core.transactions import in_transaction
from medgrid.vertex import site

# (DocType, index name, columns). The catalog reads the stock of one warehouse or of all, and the price of
# each item in one list. It reads pages along the Items' names: `medgrid_name` also says which of them are
# offered, and `medgrid_place` how many a warehouse has, so that those which are passed over need not be read.
# The reconciliation with the Exoceuticals store selects orders by the time of their last check, of those that
# are not final: what is shipped grows for ever. Who amends an order is asked for each one that was cancelled.
INDEXES = (
	("Bin", "medgrid_stock", ["warehouse", "actual_qty", "item_code"]),
	("Bin", "medgrid_place", ["warehouse", "item_code", "actual_qty"]),
	(
		"Item",
		"medgrid_name",
		["item_name", "item_code", "disabled", "has_variants", "is_sales_item", "end_of_life"],
	),
	("Item Price", "medgrid_price", ["price_list", "item_code", "valid_from"]),
	("Sales Order", "medgrid_checked", ["exoceuticals_checked_at", "exoceuticals_order_id"]),
	(
		"Sales Order",
		"medgrid_unshipped",
		["exoceuticals_status", "exoceuticals_checked_at", "exoceuticals_order_id"],
	),
	("Sales Order", "medgrid_shipped", ["exoceuticals_status", "exoceuticals_updated_at"]),
	("Sales Order", "medgrid_amended", ["amended_from"]),
)
# What names a DocType, in which field. Frappe leaves these alone when a DocType goes.
MENTIONS = (
	("Comment", "reference_doctype"),
	("DocShare", "share_doctype"),
	("Document Follow", "ref_doctype"),
	("List Filter", "reference_doctype"),
	("List View Settings", "name"),
	("Notification Log", "document_type"),
	("Tag Link", "document_type"),
	("ToDo", "reference_type"),
	("User Permission", "allow"),
	("View Log", "reference_doctype"),
)
# What people set up for a DocType or a report, in which field. It would do nothing, or fail every day.
SET_UP = {
	"DocType": (
		("Assignment Rule", "document_type"),
		("Auto Repeat", "reference_doctype"),
		("Client Script", "dt"),
		("Custom DocPerm", "parent"),
		("Custom Field", "dt"),
		("Dashboard Chart", "document_type"),
		("Document Naming Rule", "document_type"),
		("Energy Point Rule", "reference_doctype"),
		("Kanban Board", "reference_doctype"),
		("Milestone Tracker", "document_type"),
		("Notification", "document_type"),
		("Number Card", "document_type"),
		("Print Format", "doc_type"),
		("Property Setter", "doc_type"),
		("Report", "ref_doctype"),
		("Server Script", "reference_doctype"),
		("Web Form", "doc_type"),
		("Webhook", "webhook_doctype"),
		("Workflow", "document_type"),
	),
	"Report": (
		("Auto Email Report", "report"),
		("Custom Role", "report"),
		("Prepared Report", "report_name"),
	),
}


def after_sync() -> None:
	"""Completes a new installation. Frappe calls it after the fixtures, which add the indexes' columns."""
	add_indexes()
	in_transaction(place_tabs)
	in_transaction(set_defaults)
	in_transaction(set_time_zone)
	site.add_people()
	site.restore_records()


def after_migrate() -> None:
	"""Brings an existing site up to date after `bench migrate`."""
	add_indexes()
	in_transaction(place_tabs)
	in_transaction(set_defaults)
	site.add_people()


def before_uninstall() -> None:
	"""Removes what Frappe does not remove itself. The records of what was sent are kept in a file. A dry run
	only says what is still on its way."""
	if _is_dry_run():
		site.warn_of_open_documents()
		return
	site.export_records()
	site.remove_people()
	drop_indexes()
	remove_jobs()
	remove_queued_jobs()
	remove_mentions()
	remove_set_up()
	forget_patches()
	forget_secrets()
	forget_settings()


def _is_dry_run() -> bool:
	"""Whether this is `bench uninstall-app --dry-run`: Frappe calls its hooks then, too, without a word."""
	context = click.get_current_context(silent=True)
	return bool(context and context.params.get("dry_run"))


def place_tabs() -> None:
	"""Places MedGrid's tabs behind all other tabs of a form. The last tab differs between versions, and a
	fixture can only name a field that every version has."""
	filters = {"module": "Medgrid", "fieldtype": "Tab Break"}
	for tab in frappe.get_all("Custom Field", filters=filters, fields=["name", "dt", "insert_after"]):
		last = frappe.get_all(
			"DocField", filters={"parent": tab.dt}, order_by="idx desc", limit=1, pluck="fieldname"
		)[0]
		if tab.insert_after != last:
			frappe.db.set_value("Custom Field", tab.name, "insert_after", last)
			frappe.clear_cache(doctype=tab.dt)


def set_defaults() -> None:
	"""Stores the defaults of MedGrid's fields in Single DocTypes where no value was ever stored: Frappe does
	not set the default of a field that is added to an existing Single."""
	filters = {"dt": "System Settings", "module": "Medgrid", "default": ("is", "set")}
	_set_defaults("System Settings", frappe.get_all("Custom Field", filters, ["fieldname", "default"]))
	for single in ("Medgrid Settings", "Vertex Settings"):
		fields = frappe.get_meta(single).fields
		_set_defaults(single, [field for field in fields if field.default])


def set_time_zone() -> None:
	"""Sets the time zone of a site without a company, which is new, to UTC, and says so. Another one keeps
	its own."""
	# Not `exists`: without a name it looks among the values of Single DocTypes, where no Company is.
	if not frappe.db.count("Company"):
		frappe.db.set_single_value("System Settings", "time_zone", "UTC")
		frappe.db.set_default("time_zone", "UTC")
		frappe.clear_document_cache("System Settings", "System Settings")
		_bring_jobs_back("UTC")
		print(_("The time zone of this site is UTC now. System Settings have it."))


@hook
def bring_jobs_back(settings: Any, event: str | None = None) -> None:
	"""Makes the scheduler go on after a change of the site's time zone. The on_update of System Settings."""
	if settings.time_zone and settings.has_value_changed("time_zone"):
		_bring_jobs_back(settings.time_zone)


def _bring_jobs_back(time_zone: str) -> None:
	"""Gives the scheduler's jobs that were made or run later than now in a time zone the present time. In a
	zone that is farther to the west they would not be due for hours: Frappe counts from these times."""
	now = utc_now().astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
	jobs = frappe.qb.DocType("Scheduled Job Type")
	for field in (jobs.creation, jobs.last_execution):
		frappe.qb.update(jobs).set(field, now).where(field > now).run()


def _set_defaults(doctype: str, fields: list) -> None:
	stored = frappe.db.get_singles_dict(doctype)
	for field in fields:
		if field.fieldname not in stored:
			frappe.db.set_single_value(doctype, field.fieldname, field.default)


def add_indexes() -> None:
	"""Creates each of INDEXES that the site does not have."""
	for doctype, name, columns in INDEXES:
		if not frappe.db.has_index(f"tab{doctype}", name):
			frappe.db.add_index(doctype, columns, index_name=name)


def drop_indexes() -> None:
	"""Removes INDEXES."""
	for doctype, name, _columns in INDEXES:
		if frappe.db.has_index(f"tab{doctype}", name):
			# DDL has no query builder. Both names are constants of this module.
			frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` DROP INDEX `{name}`")


def remove_jobs() -> None:
	"""Removes MedGrid's entries from the scheduler's list, with their logs. Frappe removes those of an app
	that is gone at the next migration only, and until then tries to run them."""
	names = frappe.get_all("Scheduled Job Type", filters={"method": ("like", "medgrid.%")}, pluck="name")
	if names:
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ("in", names)})
		frappe.db.delete("Scheduled Job Type", {"name": ("in", names)})


def remove_queued_jobs(queues: Iterable[Any] | None = None) -> None:
	"""Removes MedGrid's jobs that wait for a worker: it would not find their functions.

	:param queues: RQ's; None: all of the bench.
	"""
	for queue in get_queues() if queues is None else queues:
		for job in queue.jobs:
			called = job.kwargs
			if called.get("site") == frappe.local.site and str(called.get("method")).startswith("medgrid."):
				job.delete()


def remove_mentions() -> None:
	"""Deletes what people and Frappe have kept about MedGrid's documents: it would lead nowhere."""
	own = _own_doctypes()
	for doctype, fieldname in MENTIONS:
		if frappe.db.table_exists(doctype):
			frappe.db.delete(doctype, {fieldname: ("in", own)})
	frappe.db.delete("__UserSettings", {"doctype": ("in", own)})


def remove_set_up() -> None:
	"""Deletes what people have set up for MedGrid's DocTypes and reports. Frappe keeps copies among the
	deleted documents."""
	own = _own_doctypes()
	of_own = {"module": "Medgrid", "ref_doctype": ("in", own)}
	names = {"Report": frappe.get_all("Report", or_filters=of_own, pluck="name"), "DocType": own}
	for kind in names:
		for doctype, fieldname in SET_UP[kind]:
			if frappe.db.table_exists(doctype):
				found = frappe.get_all(doctype, {fieldname: ("in", names[kind])}, pluck="name")
				# Whoever uninstalls may do so.
				frappe.delete_doc(doctype, found, force=True, ignore_permissions=True, ignore_on_trash=True)


def forget_patches() -> None:
	"""Deletes that MedGrid's patches were executed: on an older version that is installed later, the next
	upgrade has to execute them."""
	frappe.db.delete("Patch Log", {"patch": ("like", "medgrid.%")})


def _own_doctypes() -> list[str]:
	return frappe.get_all("DocType", filters={"module": "Medgrid"}, pluck="name")


def forget_secrets() -> None:
	"""Deletes the secrets of MedGrid's documents, the copies of deleted ones, and MedGrid's values of this
	site in Redis. Frappe drops the tables and deletes nothing of these."""
	own = _own_doctypes()
	for doctype in own:
		secrets.forget(doctype)
	frappe.db.delete("Deleted Document", {"deleted_doctype": ("in", own)})
	frappe.db.delete("Version", {"ref_doctype": ("in", own)})
	delete_keys(frappe.cache, frappe.local.site, frappe.conf.db_name)


def forget_settings() -> None:
	"""Deletes the values of MedGrid's Single DocTypes and of its fields in System Settings. Frappe only drops
	tables, and a Single has none."""
	_delete_system_settings()
	for doctype in frappe.get_all("DocType", filters={"module": "Medgrid", "issingle": 1}, pluck="name"):
		frappe.db.delete("Singles", {"doctype": doctype})
		secrets.forget(doctype)
		frappe.clear_document_cache(doctype, doctype)


def _delete_system_settings() -> None:
	doctype = "System Settings"
	fields = frappe.get_all("Custom Field", filters={"dt": doctype, "module": "Medgrid"}, pluck="fieldname")
	if fields:
		frappe.db.delete("Singles", {"doctype": doctype, "field": ("in", fields)})
		secrets.forget(doctype, fields=fields)
		# Frappe copies the saved values of System Settings to the site's defaults.
		frappe.db.delete("DefaultValue", {"parent": "__default", "defkey": ("in", fields)})
		frappe.clear_document_cache(doctype, doctype)
