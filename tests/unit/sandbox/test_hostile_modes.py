"""The table of hostile answers, and how the simulators use it."""

import json

import pytest

from sandbox.simulators.common import hostile
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.faults import Fault, Faults
from sandbox.simulators.common.messages import Request, html_answer, json_answer

HONEST = {"orders": [{"orderId": 7, "orderKey": "SO-1", "createDate": "2026-11-21T18:03:04"}], "pages": 1}
REQUEST = Request("GET", "/orders", "", {}, b"")


@pytest.mark.parametrize("mode", hostile.MODES)
@pytest.mark.parametrize("answer", [json_answer(HONEST), json_answer([]), html_answer(200)])
def test_every_mode_spoils_every_answer(mode, answer):
	spoilt = hostile.spoilt(mode, answer)
	assert isinstance(spoilt.body, bytes)
	assert hostile.MODES[mode].what


def test_a_mode_changes_the_values_it_names():
	spoilt = json.loads(hostile.spoilt("long_ids", json_answer(HONEST)).body)
	assert spoilt["orders"][0] == {**HONEST["orders"][0], "orderId": hostile.LONG_ID}
	assert json.loads(hostile.spoilt("endless_pages", json_answer(HONEST)).body)["pages"] == hostile.ENDLESS
	assert json.loads(hostile.spoilt("numbers_for_lists", json_answer(HONEST)).body)["orders"] == 5


def test_a_mode_is_a_kind_of_fault():
	faults = Faults()
	faults.add(Fault("hostile:nul_refusal", times=None))
	for _request in range(2):
		answer, kind = faults.answer(REQUEST, lambda: json_answer(HONEST))
		assert (answer.status, kind) == (400, "hostile:nul_refusal")


def test_an_unknown_mode_is_refused():
	with pytest.raises(ControlRefused):
		Fault("hostile:kind_words")
