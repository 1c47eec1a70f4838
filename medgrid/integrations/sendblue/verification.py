"""Verifies a vendor's phone: MedGrid texts a code to it, and the vendor enters the code."""

from frappe import _
from pydantic import SecretStr

from medgrid.core import rate_limits
from medgrid.core.rate_limits import Limit
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import RuleViolated
from medgrid.http_client.errors import IntegrationError, OutcomeUnknown
from medgrid.integrations import connections
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.sendblue import codes, messages, opt_outs, recipients, settings
from medgrid.integrations.sendblue.phone_numbers import to_e164
from medgrid.integrations.suppliers import supplier_of

PER_USER = Limit("sendblue codes, one user", times=3, seconds=3600)
PER_NUMBER = Limit("sendblue codes, one number", times=3, seconds=3600)


class WrongCode(IntegrationError):
	"""The code is wrong or expired; the message says what the vendor does next."""


def send_code(user: str, phone: str) -> str:
	"""Sends a code to a phone.

	:param phone: as a person wrote it.
	:returns: the number in E.164.
	:raises RuleViolated: the user belongs to no Supplier, the phone has replied STOP, or Sendblue is not set
		up.
	:raises InvalidInput: `phone` is not a phone number.
	:raises TooManyRequests: more than three codes an hour for the user or for the number.
	:raises IntegrationError: Sendblue did not send it.
	"""
	supplier_of(user)
	number, client = to_e164(phone), settings.client()
	if opt_outs.has(number):
		raise RuleViolated(_("This phone replied STOP. Text START from it, then ask for a code again."))
	uses = (PER_USER, user), (PER_NUMBER, number)
	use = rate_limits.take(*uses)
	code = codes.issue(user, number)
	try:
		with client:
			client.send(number, messages.verification(code.get_secret_value()))
	except OutcomeUnknown:
		# The message may still arrive, so the code stays valid.
		raise
	except IntegrationError:
		# The message certainly was not sent.
		codes.forget(user, code)
		rate_limits.give_back(use, *uses)
		raise
	return number


def check_code(user: str, code: SecretStr) -> str:
	"""Checks a code, and connects the number that it was sent to.

	:returns: the number in E.164.
	:raises WrongCode: the code is wrong or expired, or there is none.
	"""
	proof = codes.verify(user, code)
	if phone := proof.phone:
		in_transaction(lambda: _connect(user, phone))
		return phone
	if proof.tries_left is None:
		raise WrongCode(_("There is no code to enter, or it is older than 10 minutes. Ask for a new one."))
	if proof.tries_left == 0:
		raise WrongCode(_("This code is wrong, and no tries are left. Ask for a new code."))
	raise WrongCode(_("This code is wrong. Tries left: {0}.").format(proof.tries_left))


def _connect(user: str, phone: str) -> None:
	recipients.add(connections.ensure(user, REGISTRY["sendblue"]), phone)
