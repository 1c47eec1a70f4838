"""Describes to people what is wrong with an order. The caller knows the reader and adds who must do what. The
rule for all such sentences is in CONTRIBUTING.md, "Conventions"."""

from collections.abc import Iterable

from frappe import _

from medgrid.orders.content import (
	Added,
	Difference,
	OtherwiseChanged,
	Readdressed,
	Removed,
	Renamed,
	Requantified,
	Restood,
	Standing,
	Undelivered,
)
from medgrid.orders.lines import plain
from medgrid.orders.problems import (
	AddressGone,
	AddressIncomplete,
	CountryWithoutCode,
	DoesNotFit,
	FractionalQuantity,
	NegativeAmount,
	NoShippingAddress,
	OrderProblem,
	Part,
)


def what_is_wrong(problem: OrderProblem, service: str) -> str:
	"""Describes a problem in the reader's language.

	:param service: the system that the order was to be sent to, e.g. "ShipStation".
	:returns: one or two full sentences.
	"""
	match problem:
		case NoShippingAddress():
			return _("The Sales Order has no shipping address.")
		case AddressGone():
			return _("The address {0} does not exist any more.").format(problem.address)
		case AddressIncomplete():
			missing = ", ".join(_part(part) for part in problem.missing)
			return _("The address {0} is not complete. Missing: {1}.").format(problem.address, missing)
		case CountryWithoutCode():
			sentence = _("The country {0} of the address {1} has no ISO code.")
			return sentence.format(problem.country, problem.address)
		case FractionalQuantity():
			sentence = _("Row {0} has {1} {2} of {3}, but {4} takes whole quantities only.")
			quantity = plain(problem.quantity)
			return sentence.format(problem.row, quantity, problem.uom, problem.item, service)
		case NegativeAmount():
			sentence = _("The amount of row {0} ({1}) is less than zero, but {2} takes no such rows.")
			return sentence.format(problem.row, problem.item, service)
		case DoesNotFit():
			sentence = _("{0} does not accept the value of {1}: {2}.")
			return sentence.format(service, problem.field, problem.reason)
	raise TypeError(f"no sentence for {problem!r}")


def what_differs(differences: Iterable[Difference]) -> str:
	"""Describes how an order differs from what was sent, in the reader's language, a sentence for each
	difference."""
	return " ".join(map(_what_differs, differences))


def _what_differs(difference: Difference) -> str:
	match difference:
		case Added(row):
			return _("Row {0} ({1}, quantity {2}) was added.").format(row.number, row.item, row.quantity)
		case Removed(row):
			return _("Row {0} ({1}, quantity {2}) was removed.").format(row.number, row.item, row.quantity)
		case Requantified(row, before):
			sentence = _("The quantity of row {0} ({1}) is {2}; {3} was sent.")
			return sentence.format(row.number, row.item, row.quantity, before)
		case Undelivered(row, quantity):
			sentence = _("Of row {0} ({1}), {2} had been delivered when it was sent, and are not any more.")
			return sentence.format(row.number, row.item, quantity)
		case Renamed(row, before):
			return _("The Item of row {0} is {1}; it was sent as {2}.").format(row.number, row.item, before)
		case Readdressed(fields):
			return _("The shipping address is another one ({0}).").format(", ".join(fields))
		case Restood(Standing.OPEN):
			return _("It was reopened.")
		case Restood(Standing.CANCELLED):
			return _("It was cancelled.")
		case Restood():
			return _("It is on hold or closed.")
		case OtherwiseChanged():
			return _("Its prices or its customer's data have changed.")
	raise TypeError(f"no sentence for {difference!r}")


def _part(part: Part) -> str:
	names = {
		Part.STREET: _("street"),
		Part.CITY: _("city"),
		Part.STATE: _("state (name or code)"),
		Part.POSTAL_CODE: _("postal code"),
		Part.COUNTRY: _("country"),
	}
	return names[part]
