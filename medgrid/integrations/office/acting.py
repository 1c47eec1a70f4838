"""What an administrator does with a vendor's connection or order on the vendor's behalf. The record of the
connection or the order shows it, with the administrator's name."""

from typing import Any, Literal

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotFound, RuleViolated
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations import jobs, turns
from medgrid.integrations.accounts import pausing
from medgrid.integrations.connections import records
from medgrid.integrations.connections.actions import record_action, record_test
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.office.panel import check_readable
from medgrid.integrations.operations import operations_of
from medgrid.integrations.registry import SYNCABLE
from medgrid.integrations.suppliers import enabled
from medgrid.integrations.vendor_orders import retry as retrying
from medgrid.services.failure_texts import failure_text

Action = Literal["test", "sync", "pause", "resume"]


def act(name: str, action: Action, user: str) -> dict[str, Any]:
	"""Does something with a vendor's connection. Commits.

	:param name: of the Vendor Connection.
	:param user: who does it.
	:returns: `ok`, and `error` if a test failed.
	:raises NotFound: there is no such connection.
	:raises RuleViolated: it is not connected, it is paused, or its Supplier is disabled.
	:raises TooManyRequests: the user has another request to another system under way.
	"""
	connection, sentence, error = _connection(name), _sentences()[action], None
	if action == "pause":
		pausing.pause_connection(name, user, sentence)
	elif action == "resume":
		pausing.resume_connection(name, user, sentence)
	else:
		if action == "test":
			error = _test(connection)
		else:
			_sync(connection)
		in_transaction(lambda: record_action(name, user, sentence.format(user)))
	return {"ok": error is None, "error": error}


def retry(sales_order: str, supplier: str, user: str) -> dict[str, Any]:
	"""Makes a vendor's order due at once. Commits.

	:returns: `ok` and `retried`: False if there was nothing to retry.
	:raises NotFound: there is no such order, or it is not this vendor's.
	:raises NotPermitted: the user may not read the Sales Order.
	"""
	check_readable("Sales Order", sales_order)
	sentence = _("Retried by {0} for the vendor.").format(user)
	outcome = retrying.retry(supplier, [sales_order], sentence)
	return {"ok": True, "retried": bool(outcome.retried)}


def _connection(name: str) -> Connection:
	if not frappe.db.exists(DOCTYPE, name):
		raise NotFound(_("{0} {1} does not exist.").format(_(DOCTYPE), name))
	connection = records.get(name)
	if connection.integration.id not in SYNCABLE or not connection.has_credentials:
		raise RuleViolated(_("{0} is not connected. Connect it first.").format(connection.integration.label))
	enabled(connection.supplier)
	return connection


def _test(connection: Connection) -> str | None:
	failure = None
	try:
		operations_of(connection.integration).test(connection)
	except IntegrationError as error:
		failure = error
	record_test(connection, failure)
	return failure_text(failure) if failure else None


def _sync(connection: Connection) -> None:
	if connection.paused:
		label = connection.integration.label
		raise RuleViolated(_("{0} is paused. Resume it, then sync again.").format(label))
	turns.make_due(connection.name)
	jobs.queue_soon(connection.name)


def _sentences() -> dict[str, str]:
	return {
		"test": _("Tested by {0} for the vendor."),
		"sync": _("Synced by {0} for the vendor."),
		"pause": _("Paused by {0} for the vendor."),
		"resume": _("Resumed by {0} for the vendor."),
	}
