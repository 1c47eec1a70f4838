"""Gives connections to Suppliers: until release 0.1 each belonged to a user.

Of several users of one Supplier the one who connected first has the first account; the connections of the
others become accounts of their own, named after their user. A connection whose user belongs to no Supplier,
or to several, is disconnected and listed in an issue; text messages stay with their user.
"""

import frappe
from frappe import _

from medgrid.integrations.connections.credentials import forget_locked
from medgrid.integrations.connections.fields import DEFAULT, DOCTYPE, OLDEST_FIRST
from medgrid.integrations.registry import PER_USER
from medgrid.integrations.suppliers import only_supplier_of
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue


def execute() -> None:
	fields = ["name", "user", "integration", "status"]
	rows = frappe.get_all(
		DOCTYPE, filters={"supplier": ("is", "not set")}, fields=fields, order_by=OLDEST_FIRST
	)
	taken, homeless = set(), []
	for row in rows:
		supplier = only_supplier_of(row.user)
		if row.integration in PER_USER:
			values = {"supplier": supplier, "account_name": row.user}
		elif supplier:
			is_first = (supplier, row.integration) not in taken
			taken.add((supplier, row.integration))
			values = {"supplier": supplier, "account_name": DEFAULT if is_first else row.user}
		else:
			values = {"supplier": None, "account_name": DEFAULT}
			if row.status != "not_connected":
				homeless.append(row)
		frappe.db.set_value(DOCTYPE, row.name, values, update_modified=False)
	for row in homeless:
		forget_locked(row.name)
	if homeless:
		_report(homeless)


def _report(rows: list) -> None:
	listed = ", ".join(f"{row.user} ({row.integration})" for row in rows)
	open_issue(
		Subject("shipstation", "without_supplier"),
		title=_("Connections of users without a Supplier were disconnected"),
		detail=_("These users belong to no Supplier, or to several: {0}.").format(listed),
		who_acts=ADMINISTRATOR,
		what_to_do=_(
			"Add each user to the portal users of one Supplier. Then they connect the integration again."
		),
	)
