from decimal import Decimal

import pytest

from medgrid.integrations.shipstation.weights import UNITS, total_weight, weight_of


@pytest.mark.parametrize(
	("value", "uom", "weight"),
	[
		("0.5", "Pound", ("0.5", "pounds")),
		("4.2", "Ounce", ("4.2", "ounces")),
		("1.5", "Kg", ("1500", "grams")),
		("250", "Milligram", ("0.25", "grams")),
		("0.1", "LB", ("0.1", "pounds")),
		("0", "Pound", None),
		("1", "Box", None),
		("1", None, None),
	],
)
def test_weights_in_shipstations_units(value, uom, weight):
	made = weight_of(Decimal(value), uom)
	assert (made and (made.value, made.units)) == (weight and (Decimal(weight[0]), weight[1]))


@pytest.mark.parametrize("uom", UNITS)
def test_every_unit_of_the_table_makes_a_weight(uom):
	assert weight_of(Decimal(3), uom.title()).units == UNITS[uom][0]


def test_weights_of_one_unit_are_added_in_it():
	total = total_weight([(weight_of(Decimal("0.1"), "Pound"), 3), (None, 5)])
	assert (total.value, total.units) == (Decimal("0.3"), "pounds")


def test_weights_of_several_units_are_added_in_grams():
	total = total_weight([(weight_of(Decimal(1), "Pound"), 1), (weight_of(Decimal(2), "Ounce"), 1)])
	assert (total.value, total.units) == (Decimal("510.29"), "grams")


def test_without_any_weight_there_is_no_total():
	assert total_weight([(None, 1)]) is None


def test_a_weight_is_a_number_in_json():
	assert weight_of(Decimal("0.5"), "Pound").model_dump(mode="json") == {"value": 0.5, "units": "pounds"}
