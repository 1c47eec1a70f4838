"""What people read of an order that cannot be sent: full sentences, what is wrong first."""

from decimal import Decimal

import pytest

from medgrid.orders import problems
from medgrid.orders.problems import Part
from medgrid.orders.sentences import what_is_wrong


@pytest.mark.parametrize(
	("problem", "sentence"),
	[
		(problems.NoShippingAddress("SAL-1"), "The Sales Order has no shipping address."),
		(problems.AddressGone("Clinic-Shipping"), "The address Clinic-Shipping does not exist any more."),
		(
			problems.AddressIncomplete("Clinic-Shipping", tuple(Part)),
			"The address Clinic-Shipping is not complete. Missing: street, city, state (name or code),"
			" postal code, country.",
		),
		(
			problems.CountryWithoutCode("Clinic-Shipping", "Atlantis"),
			"The country Atlantis of the address Clinic-Shipping has no ISO code.",
		),
		(
			problems.FractionalQuantity(2, "VD3", Decimal("1.500"), "Kg"),
			"Row 2 has 1.5 Kg of VD3, but ShipStation takes whole quantities only.",
		),
		(
			problems.DoesNotFit("orderNumber", "String should have at most 50 characters"),
			"ShipStation does not take the value of orderNumber: String should have at most 50 characters.",
		),
	],
)
def test_each_problem_has_its_sentence(site, problem, sentence):
	assert what_is_wrong(problem, "ShipStation") == sentence


def test_no_problem_is_without_a_sentence(site):
	kinds = {kind for kind in vars(problems).values() if isinstance(kind, type)}
	shared = {kind for kind in kinds if issubclass(kind, problems.OrderProblem)} - {problems.OrderProblem}
	for kind in shared:
		values = dict.fromkeys(kind.__dataclass_fields__, "x") | {"quantity": Decimal(1), "missing": ()}
		problem = kind(**{name: values[name] for name in kind.__dataclass_fields__})
		assert what_is_wrong(problem, "Shopify").endswith(".")
