"""A second connection to the site's database, as another worker has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe


@contextmanager
def rival_connection() -> Iterator[Any]:
	"""Another `frappe.db`; what it does not commit is undone."""
	own = frappe.local.db
	frappe.connect(set_admin_as_user=False)
	rival, frappe.local.db = frappe.local.db, own
	try:
		yield rival
	finally:
		rival.rollback()
		rival.close()
