"""What people read of an order that cannot be sent: full sentences, what is wrong first."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

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
			"ShipStation does not accept the value of orderNumber: String should have at most 50 characters.",
		),
	],
)
def test_each_problem_has_its_sentence(site, problem, sentence):
	assert what_is_wrong(problem, "ShipStation") == sentence


def test_no_problem_is_without_a_sentence(site):
	values = {"quantity": Decimal(1), "missing": ()}
	kinds: list[Any] = [
		kind for kind in vars(problems).values() if isinstance(kind, type) and is_dataclass(kind)
	]
	assert kinds
	for kind in kinds:
		problem = kind(**{field.name: values.get(field.name, "x") for field in fields(kind)})
		assert what_is_wrong(problem, "Shopify").endswith(".")
