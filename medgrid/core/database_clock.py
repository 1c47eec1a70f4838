"""The clock of the database. It decides about leases, claims, turns and the times of next attempts: the
clocks of several servers differ, and workers on all of them read the same rows."""

from datetime import datetime, timezone

from medgrid.core.clock import from_stored_utc, stored_utc, utc_now


def database_now() -> datetime:
	"""Now, aware, in UTC. It reads no table, so it does not fix what the transaction sees."""
	# Not at the top: what decides is tested without Frappe.
	import frappe

	if frappe.db.db_type != "mariadb":
		return utc_now()
	moment = frappe.db.sql("SELECT UTC_TIMESTAMP(6)")[0][0]
	return moment.replace(tzinfo=timezone.utc)


def stored_database_now() -> datetime:
	"""Now, as MedGrid's own Datetime fields hold it: naive, in UTC."""
	return stored_utc(database_now())


def is_yet_to_come(value: datetime | str | None) -> bool:
	"""Whether the time in one of MedGrid's own Datetime fields is in the future; False for an empty field."""
	return from_stored_utc(value) > database_now() if value else False
