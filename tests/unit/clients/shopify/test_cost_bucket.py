"""Costs and cost buckets that cannot be."""

import pytest
from pydantic import ValidationError

from medgrid.clients.shopify.cost_bucket import Cost

STATUS = {"maximumAvailable": 2000, "currentlyAvailable": 1990, "restoreRate": 100}


@pytest.mark.parametrize(
	"values",
	[
		{"restoreRate": -1},
		{"restoreRate": 0},
		{"restoreRate": 1e-9},
		{"restoreRate": 1e300},
		{"restoreRate": float("inf")},
		{"restoreRate": float("nan")},
		{"restoreRate": 5},
		{"maximumAvailable": -5},
		{"maximumAvailable": 1e300},
		{"currentlyAvailable": -1e9},
		{"currentlyAvailable": 5000},
	],
)
def test_a_bucket_that_cannot_be_says_nothing(values):
	with pytest.raises(ValidationError):
		Cost.model_validate({"requestedQueryCost": 10, "throttleStatus": {**STATUS, **values}})


@pytest.mark.parametrize("cost", [1e300, -1, float("inf"), "x", None])
def test_a_cost_that_cannot_be_says_nothing_of_the_query(cost):
	read = Cost.model_validate({"requestedQueryCost": cost, "throttleStatus": STATUS})
	assert read.requestedQueryCost is None
	assert read.throttleStatus.maximumAvailable == 2000
