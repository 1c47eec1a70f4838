"""Installs what the second contract needs on a site besides DocTypes. Uninstalling exports the records of
what was booked and sent, and a later installation restores them.

See docs/api.md, "Callers" and docs/state.md.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

import frappe
from frappe import _

from medgrid.core.clock import utc_now
from medgrid.vertex.access import api_users
from medgrid.vertex.access.callers import CONNECTOR_ROLE

# What remembers that something was sent, and may therefore not be sent again.
EXPORTED = ("Vertex Tax Document", "ShipStation Order", "ShipStation Shipment", "Exoceuticals Order")
FILES = "medgrid-records-"
NOT_BOOKED = ("Pending", "Sending", "In Doubt")
# Labels of an order whose way to the other system has not ended.
NOT_SENT = ("Waiting", "Sending", "Outcome Unknown")
CHUNK = 500


def add_people() -> None:
	"""Makes the roles and the user of bearer tokens, where they are missing."""
	for role in (CONNECTOR_ROLE, api_users.ROLE):
		if not frappe.db.exists("Role", role):
			document = frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 0})
			# Whoever installs may install.
			document.insert(ignore_permissions=True)
	api_users.add_identity_user()


def remove_people() -> None:
	"""Removes the merchants' users, the user of bearer tokens, and the roles."""
	api_users.remove_all()
	for role in (CONNECTOR_ROLE, api_users.ROLE):
		frappe.db.delete("Has Role", {"role": role})
		if frappe.db.exists("Role", role):
			frappe.delete_doc("Role", role, force=True, ignore_permissions=True)


def export_records() -> Path | None:
	"""Writes the Tax Documents and the records of sent orders to a private file of the site, one JSON object
	a line, and says where: nothing else remembers what was booked and sent.

	:returns: the file; None: there are no records.
	"""
	if not any(frappe.db.count(doctype) for doctype in EXPORTED):
		return None
	name = f"{FILES}{utc_now():%Y%m%d-%H%M%S}-{frappe.generate_hash(length=6)}.jsonl"
	path = _folder() / name
	path.parent.mkdir(parents=True, exist_ok=True)
	# Whoever finds a file under its name finds a whole one.
	unfinished = path.with_suffix(".part")
	unfinished.touch(mode=0o600)
	with unfinished.open("w", encoding="utf-8") as file:
		count = sum(_write(file, doctype) for doctype in EXPORTED)
	unfinished.rename(path)
	print(_("{0} records of what MedGrid booked and sent are in {1}.").format(count, path))
	warn_of_open_documents()
	return path


def restore_records() -> int:
	"""Takes in what uninstallations wrote to files: what was booked and sent then is not sent again. The last
	file counts most, and records that exist stay as they are.

	:returns: the number of records in the files.
	"""
	return sum(_restore_file(path) for path in sorted(_folder().glob(f"{FILES}*.jsonl"), reverse=True))


def _restore_file(path: Path) -> int:
	if frappe.db.exists("File", {"file_url": f"/private/files/{path.name}"}):
		# Somebody has uploaded it.
		print(_("{0} was not written by MedGrid and is left alone.").format(path))
		return 0
	count = unreadable = 0
	with path.open(encoding="utf-8") as file:
		while lines := list(islice(file, CHUNK)):
			rows: dict[str, list[dict]] = defaultdict(list)
			for row in map(_record, lines):
				rows[row.pop("doctype", "")].append(row)
			unreadable += len(rows[""])
			for doctype in rows.keys() & set(EXPORTED):
				count += _restore(doctype, rows[doctype])
	print(_("{0} records of what MedGrid booked and sent before were restored from {1}.").format(count, path))
	if unreadable:
		print(_("Warning: {0} lines of {1} cannot be read.").format(unreadable, path))
	return count


def _record(line: str) -> dict:
	"""The record in a line; without a DocType: there is none."""
	try:
		content = json.loads(line)
	except ValueError:
		return {}
	return content if isinstance(content, dict) and content.get("name") else {}


def _restore(doctype: str, rows: list[dict]) -> int:
	# A field may be gone since.
	named = set().union(*rows)
	fields = [name for name in frappe.db.get_table_columns(doctype) if name in named]
	values = [[row.get(name) for name in fields] for row in rows]
	frappe.db.bulk_insert(doctype, fields, values, ignore_duplicates=True)
	return len(rows)


def _folder() -> Path:
	return Path(frappe.get_site_path("private", "files"))


def warn_of_open_documents() -> None:
	"""Says how many documents are not booked or sent, or may not be."""
	waiting = frappe.db.count("Vertex Tax Document", {"status": ("in", NOT_BOOKED)})
	if waiting:
		print(
			_("Warning: {0} documents are not booked at Vertex, or it is not known whether they are.").format(
				waiting
			)
		)
	for doctype in ("ShipStation Order", "Exoceuticals Order"):
		if waiting := frappe.db.count(doctype, {"status": ("in", NOT_SENT)}):
			print(
				_("Warning: {0} documents ({1}) are not sent, or it is not known whether they are.").format(
					waiting, _(doctype)
				)
			)


def _write(file: IO[str], doctype: str) -> int:
	count = 0
	for row in _rows(doctype):
		file.write(json.dumps({"doctype": doctype, **row}, default=str) + "\n")
		count += 1
	return count


def _rows(doctype: str) -> Iterator[dict]:
	start = 0
	while rows := frappe.get_all(
		doctype, fields=["*"], order_by="name", limit_start=start, limit_page_length=CHUNK
	):
		yield from rows
		start += CHUNK
