"""The decorator that makes a function an RPC."""

from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import frappe
from frappe import _

from medgrid.api import request_bounds
from medgrid.api.errors import answer_to, raise_over_http
from medgrid.api.parameters import ParameterSchema
from medgrid.api.request_bounds import GUEST_BYTES, RPC_LIMITS, USER_BYTES, Door
from medgrid.api.responses import finished
from medgrid.api.secrets import withheld
from medgrid.core.faults.borders import attempt, is_answer, report
from medgrid.core.faults.places import bare
from medgrid.exceptions import MedgridError, NotPermitted
from medgrid.http_client.json_reader import JsonLimits
from medgrid.integrations.suppliers import supplier_of

# A read may be posted, too: many clients post every call. HEAD is GET without a body (`routes.verbs`).
READ = ("GET", "POST")


def endpoint(
	*methods: str,
	allow_guest: bool = False,
	roles: tuple[str, ...] = (),
	max_body_bytes: int | None = None,
	signed_body: bool = False,
	vendors: bool = False,
	private: bool = False,
	limits: JsonLimits | None = None,
	page: bool = False,
	cache_seconds: int = 0,
) -> Callable:
	"""Declares an RPC: its HTTP method and its callers. The function's type hints declare its parameters.

	The function receives validated keyword arguments only. It returns plain data or something Encoded, or
	raises a MedgridError. What else it raises is a fault of MedGrid's: the answer is a 500 with a reference,
	and the log has its places only.

	:param methods: "GET" or none for reads, which can be posted as well; "POST" for everything that changes
		something; several: exactly these.
	:param allow_guest: whether the RPC works without credentials; otherwise `medgrid.api.gate` answers a
		guest with 401.
	:param roles: the caller needs one of them, otherwise the answer is 403; empty: any signed-in user.
	:param max_body_bytes: a larger body is 413; None: 64 kB where guests may call, 256 kB else.
	:param signed_body: the function verifies the raw body's signature itself. Only the body's bytes are
		bounded before.
	:param vendors: whether the caller must belong to an enabled Supplier, otherwise the answer is 417. True
		for all RPCs of the vendors' hub that call other systems.
	:param private: the parameters are a person's words: Frappe's handler, which logs what it has, does not
		get them, and the logged address does not show them.
	:param limits: of the JSON in a request; None: those of all RPCs.
	:param page: another system sends people there with their browsers: it takes GET only, and what fails is
		shown as a page.
	:param cache_seconds: for how long a client may keep the answer of a read.

	Source: contract, "HTTP Methods" and "HTTP Status Code Reference".
	"""

	most = max_body_bytes or (GUEST_BYTES if allow_guest else USER_BYTES)
	door = Door(most, signed_body, private, limits or RPC_LIMITS, page, cache_seconds)
	verbs = READ if methods in ((), ("GET",)) and not page else methods or ("GET",)

	def declare(function: Callable) -> Callable:
		schema = ParameterSchema(function)

		# It hides the function's signature: Frappe would check the type hints first and answer 417.
		def call(**arguments):
			arguments.update(withheld.take())
			result, failure = attempt(partial(carry_out, arguments))
			# Whatever is logged from here on must not have them, nor the frame of this function.
			arguments.clear()
			withheld.hide_address()
			if failure is None:
				return result
			failure = _bare_answer(failure, call)
			_raise(failure)

		def carry_out(arguments: dict[str, Any]) -> Any:
			_check_roles(roles)
			withheld.check_not_in_address(schema.secrets)
			values = schema.validate(arguments)
			if vendors:
				supplier_of(frappe.session.user)
			return finished(function(**values), f"{function.__module__}.{function.__name__}")

		call.__module__, call.__name__, call.__qualname__ = (
			function.__module__,
			function.__name__,
			function.__qualname__,
		)
		call.__doc__ = function.__doc__
		request_bounds.declare(call, door)
		# Guests' text is validated data and is never rendered, so Frappe must not HTML-escape it.
		return frappe.whitelist(methods=list(verbs), allow_guest=allow_guest, xss_safe=allow_guest)(call)

	return declare


def _bare_answer(failure: BaseException, call: Callable) -> BaseException:
	"""What the caller gets for a failure; the failure itself without its frames, if that is an answer."""
	if not isinstance(failure, Exception) or is_answer(failure):
		return bare(failure)
	if isinstance(failure, MedgridError) and answer_to(failure):
		return bare(failure)
	return report(failure, f"{call.__module__}.{call.__qualname__}")


def _raise(failure: BaseException) -> NoReturn:
	if isinstance(failure, MedgridError):
		raise_over_http(failure)
	raise failure


def _check_roles(roles: tuple[str, ...]) -> None:
	if not roles or frappe.session.user == "Administrator":
		return
	if not set(roles) & set(frappe.get_roles()):
		raise NotPermitted(_("This needs one of the roles: {0}.").format(", ".join(roles)))
