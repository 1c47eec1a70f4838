"""Turns every answer of 400 and more below `medgrid.vertex.` into the second contract's Issue object.

`medgrid.api.envelope` calls it. What concerns more than the caller is stored as Integration Issue and written
to the log `medgrid.vertex`. See docs/api.md, "Errors" and docs/adr/0008-integration-issue.md.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import frappe
from frappe import _

from medgrid.clients.shopify.domains import shop_domain
from medgrid.core.clock import utc_now
from medgrid.core.faults.borders import REFERENCE
from medgrid.core.site_time import site_time
from medgrid.core.transactions import in_transaction
from medgrid.issues.records import ADMINISTRATOR, NOBODY, VENDOR, Subject, open_issue
from medgrid.vertex.access import callers
from medgrid.vertex.contract.issue_body import Problem, issue_body
from medgrid.vertex.contract.operations import INTEGRATION, Operation, described_operation
from medgrid.vertex.event_log import log_issue

MAX_RELATED = 140
# A log entry of the same request is no older, even when clocks are put back.
RECENT = timedelta(hours=2)


def answer(response: Any, command: str, problem: Problem, parameters: Mapping[str, Any]) -> dict[str, Any]:
	"""Gives a response the status and body of a problem, and records the problem if it must be.

	:param response: werkzeug's, about to be sent; changed in place.
	:param command: the RPC, below `medgrid.vertex.`, existing or not.
	:param parameters: of the request.
	:returns: the body.
	"""
	operation = described_operation(command)
	related_to = related_to_of(parameters)
	id = (problem.is_stored and _stored(operation, problem, related_to)) or str(uuid4())
	body = issue_body(operation, problem, id=id, related_to=related_to, moment=utc_now())
	if problem.is_stored:
		log_issue(body)
	response.status_code, response.mimetype = problem.status, "application/json"
	response.set_data(json.dumps(body, ensure_ascii=False))
	if problem.status == 501:
		response.headers["Allow"] = ", ".join(operation.verbs)
	return body


def related_to_of(parameters: Mapping[str, Any]) -> str:
	"""What an issue is about: the shop that the request names, else who calls."""
	written = parameters.get("shop")
	if isinstance(written, str) and (shop := shop_domain(written[:MAX_RELATED])):
		return shop
	return callers.name_of_caller()[:MAX_RELATED]


def subject_of(operation: Operation, related_to: str) -> Subject:
	"""By which an issue is opened, and settled when the same thing succeeds."""
	return Subject(INTEGRATION, operation.type, related_to=related_to, version=operation.version)


def _stored(operation: Operation, problem: Problem, related_to: str) -> str | None:
	"""Stores a problem, whatever became of the request's transaction.

	:returns: the issue's name; None: the database may be what failed.
	"""
	try:
		frappe.db.rollback()
		return in_transaction(partial(_store, operation, problem, related_to))
	except Exception as error:
		frappe.logger("medgrid").error(f"An issue was not stored: {type(error).__name__}")
		return None


def _store(operation: Operation, problem: Problem, related_to: str) -> str:
	reference = frappe.local.flags.get(REFERENCE) if problem.status == 500 else None
	issue = open_issue(
		subject_of(operation, related_to),
		title=problem.title,
		detail=problem.detail,
		who_acts=_who_acts(problem),
		what_to_do=_("The Error Log has an entry with the reference {0}.").format(reference)
		if reference
		else "",
		status=problem.status,
		notify=problem.status == 500,
	)
	if reference:
		_name_in_error_log(reference, issue.name)
	return issue.name


def _who_acts(problem: Problem) -> str:
	if problem.status == 500:
		return ADMINISTRATOR
	# The merchant corrects credentials and requests; an outage passes.
	return VENDOR if problem.status < 500 else NOBODY


def _name_in_error_log(reference: str, issue: str) -> None:
	# It was written in this request. The condition on its time keeps the search from reading the whole log.
	recent = site_time(utc_now() - RECENT)
	filters = {"method": ("like", f"%({reference})"), "creation": (">=", recent)}
	row = frappe.db.get_value("Error Log", filters, ["name", "error"], as_dict=True)
	if row:
		text = f"{row.error}\n\nIntegration Issue {issue}"
		frappe.db.set_value("Error Log", row.name, "error", text, update_modified=False)
