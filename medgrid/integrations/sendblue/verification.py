"""Verifies a vendor's phone: MedGrid texts a code to it, and the vendor enters the code."""

from frappe import _
from pydantic import SecretStr

from medgrid.core import rate_limits
from medgrid.core.rate_limits import DAY, HOUR, Limit
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import RuleViolated
from medgrid.http_client.errors import IntegrationError, OutcomeUnknown
from medgrid.integrations.connections import records
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.sendblue import codes, messages, opt_outs, recipients, settings
from medgrid.integrations.sendblue.phone_numbers import country_of, to_e164
from medgrid.integrations.suppliers import supplier_of

PER_USER = Limit("sendblue codes, one user", times=3, seconds=HOUR)
PER_NUMBER = Limit("sendblue codes, one number", times=3, seconds=HOUR)
# A number whose owner enters no code is left alone.
PER_NUMBER_A_DAY = Limit("sendblue codes, one number a day", times=8, seconds=DAY)
PER_SUPPLIER_A_DAY = Limit("sendblue codes, one Supplier a day", times=30, seconds=DAY)
# Fraudsters have codes sent to numbers that cost extra, in countries where the wholesaler has few vendors.
PER_COUNTRY_A_DAY = Limit("sendblue codes, one country a day", times=10, seconds=DAY)
PER_HOME_COUNTRY_A_DAY = Limit("sendblue codes, one home country a day", times=300, seconds=DAY)
HOME_COUNTRIES = ("US", "CA")
PER_SITE_A_DAY = Limit("sendblue codes", times=400, seconds=DAY)
# Requests to Sendblue, including those that it refuses.
ATTEMPTS = Limit("sendblue attempts, one user", times=20, seconds=HOUR)


class WrongCode(IntegrationError):
	"""The code is wrong or expired; the message says what the vendor does next."""


def send_code(user: str, phone: str) -> str:
	"""Sends a code to a phone.

	:param phone: as a person wrote it.
	:returns: the number in E.164.
	:raises RuleViolated: the user belongs to no Supplier, the phone has replied STOP, or Sendblue is not set
		up.
	:raises InvalidInput: `phone` is not a phone number.
	:raises TooManyRequests: more than three codes an hour for the user or for the number, or one of the daily
		limits is reached: of the number, the Supplier, the country, the site.
	:raises IntegrationError: Sendblue did not send it.
	"""
	supplier = supplier_of(user)
	number, client = to_e164(phone), settings.client()
	if opt_outs.has(number):
		raise RuleViolated(_("This phone replied STOP. Text START from it, then ask for a code again."))
	rate_limits.take((ATTEMPTS, user))
	counted = uses(user, supplier, number)
	use = rate_limits.take(*counted)
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
		rate_limits.give_back(use, *counted)
		raise
	return number


def uses(user: str, supplier: str, number: str) -> tuple[tuple[Limit, str], ...]:
	"""The limits that a code counts to, each with whom it counts for.

	:param number: in E.164.
	"""
	country = country_of(number) or ""
	of_country = PER_HOME_COUNTRY_A_DAY if country in HOME_COUNTRIES else PER_COUNTRY_A_DAY
	return (
		(PER_USER, user),
		(PER_NUMBER, number),
		(PER_NUMBER_A_DAY, number),
		(PER_SUPPLIER_A_DAY, supplier),
		(of_country, country),
		(PER_SITE_A_DAY, "everybody"),
	)


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
	recipients.add(records.ensure(user, REGISTRY["sendblue"]), phone)
