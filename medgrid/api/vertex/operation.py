"""The decorator that makes a function an operation of the second contract."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec

import frappe

from medgrid.api.endpoint import endpoint
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Busy, MedgridError, ServiceFailed
from medgrid.http_client.errors import IntegrationError
from medgrid.http_client.json_reader import JsonLimits
from medgrid.issues.records import Subject, open_issue_of, settle_issue
from medgrid.vertex.contract.envelope import related_to_of, subject_of
from medgrid.vertex.contract.operations import OPERATIONS

Parameters = ParamSpec("Parameters")

KB = 1024
LIMITS = JsonLimits(max_depth=20, max_elements=20_000)


def operation(
	name: str | None = None,
	*,
	max_kilobytes: int = 64,
	limits: JsonLimits = LIMITS,
	signed_body: bool = False,
) -> Callable[[Callable[Parameters, Any]], Callable]:
	"""Declares an operation of the second contract. Its verbs, and whether it is public, are in OPERATIONS.

	A success settles the issue that the same operation has opened for the same shop.

	:param name: of the operation; None: the function's.
	:param max_kilobytes: of the body.
	:param limits: of its JSON.
	:param signed_body: see `endpoint`.
	"""

	def declare(function: Callable[Parameters, Any]) -> Callable:
		declared = OPERATIONS[name or function.__name__]

		@wraps(function)
		def work(*arguments: Parameters.args, **options: Parameters.kwargs) -> Any:
			failure: MedgridError | None = None
			try:
				result = function(*arguments, **options)
			except (IntegrationError, Busy) as error:
				failure = error
			if failure:
				# Not as it is: Frappe would log the request, with the addresses in it.
				raise ServiceFailed(failure)
			if frappe.request.method == "POST" and not declared.is_public:
				_settle(subject_of(declared, related_to_of(frappe.local.form_dict)))
			return result

		work.__name__ = work.__qualname__ = name or function.__name__
		return endpoint(
			*declared.verbs,
			allow_guest=declared.is_public,
			max_body_bytes=max_kilobytes * KB,
			limits=limits,
			signed_body=signed_body,
		)(work)

	return declare


def _settle(subject: Subject) -> None:
	"""Settles an issue if there is one, in a transaction that a rival cannot spoil."""
	if open_issue_of(subject):
		in_transaction(partial(settle_issue, subject))
