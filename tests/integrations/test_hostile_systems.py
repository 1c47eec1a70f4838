"""RPCs while the other system means harm: a few modes of the table for every RPC that calls out. All modes
against all clients: `tests/unit/clients/test_hostile_answers.py`.

No answer is a 500, each comes in time, and the site goes on working.
"""

import json
import re
import time

import pytest

from sandbox.simulators.common.hostile import MARKUP
from tests.support import limits
from tests.support.sendblue import start
from tests.support.vendors import order

# One of each kind: depth, size, text that cannot be stored, wrong shapes, wrong values.
MODES = (
	"deep_lists",
	"zip_bomb",
	"nul_refusal",
	"rates_without_end",
	"numbers_for_lists",
	"wrong_entries",
	"long_ids",
	"refusal_of_markup",
	"invisible_text",
)
OF_SHOPIFY = (*MODES, "tiny_rates", "endless_cost")
# A web request is answered within 30 seconds.
SECONDS = 30
STATUSES = {"connected", "error", "syncing", "not_connected"}


@pytest.fixture(autouse=True)
def no_limits(site):
	limits.lift()
	yield
	limits.lift()


def check(answer, began: float) -> None:
	assert answer.status_code != 500, answer.text[:500]
	assert answer.status_code < 505
	assert time.monotonic() - began < SECONDS
	assert answer.headers["Content-Type"].startswith("application/json")
	# JSON escapes the characters that cannot be seen.
	assert not re.search(r"\\u202e|\\u200b|\\u0007|\\u0000|\\ud8|[\u202e\u200b]", json.dumps(answer.json()))


def call(caller, rpc: str, **values):
	began = time.monotonic()
	answer = caller.post(rpc, **values)
	check(answer, began)
	return answer


@pytest.mark.parametrize("mode", MODES)
def test_connecting_shipstation_survives(vendor, mode):
	vendor.shipstation.hostile(mode)
	keys = {"api_key": vendor.api_key, "api_secret": vendor.api_secret}
	call(vendor.caller, "medgrid.integrations.connect_shipstation", **keys)
	assert vendor.entry()["status"] in STATUSES
	vendor.shipstation.clear_faults()
	assert call(vendor.caller, "medgrid.integrations.connect_shipstation", **keys).status_code == 200


@pytest.mark.parametrize("mode", MODES)
def test_syncing_shipstation_survives_and_works_again(connected, mode):
	order((connected.item, 1, 10))
	connected.shipstation.hostile(mode, path="/orders*")
	connected.shipstation.hostile(mode, path="/shipments")
	call(connected.caller, "medgrid.integrations.sync_now", integration_type="shipstation")
	assert connected.entry()["status"] in ("connected", "error")
	connected.shipstation.clear_faults()
	limits.lift()
	assert connected.sync()["ok"] is True


@pytest.mark.parametrize("mode", OF_SHOPIFY)
def test_a_vendors_shop_survives_and_works_again(connected_shop, mode):
	connected_shop.control.seed_products(connected_shop.domain, [{"title": "D3", "sku": "D3"}])
	connected_shop.control.hostile(mode, path="*/graphql.json")
	for rpc in ("test_connection", "sync_now"):
		call(connected_shop.caller, f"medgrid.integrations.{rpc}", integration_type="shopify")
	assert connected_shop.entry()["status"] in ("connected", "error")
	connected_shop.control.clear_faults()
	assert connected_shop.sync()["ok"] is True


GRANTED = '"scope": "read_products,read_inventory"'


@pytest.mark.parametrize(
	"body",
	[
		"[" * 100_000,
		f'{{"access_token": "shpat_x", {GRANTED}, "expires_in": 1000000000000000000}}',
		f'{{"access_token": "shpat_x", {GRANTED}, "expires_in": -5}}',
		'{"access_token": "shpat_x", "scope": "' + "a" * 70_000 + '"}',
		'{"access_token": "' + "a" * 200_000 + f'", {GRANTED}}}',
		f'{{"access_token": "x\\r\\nX: y", {GRANTED}}}',
		f'{{"access_token": "\\ud800", {GRANTED}}}',
		f'{{"access_token": "\\u0000", {GRANTED}}}',
		f'{{"access_token": "\u0445\u044d", {GRANTED}}}',
		'{"access_token": "shpat_x", "scope": "<img src=x>,read_products,read_inventory"}',
		"null",
	],
	ids=lambda body: body[:60],
)
def test_a_token_that_is_none_ends_the_installation_and_stores_nothing(shop, body):
	shop.control.fault("malformed", path="*/access_token", body=body, times=None)
	path = shop.approve()
	began = time.monotonic()
	answer = shop.callback(path)
	check(answer, began)
	assert answer.status_code in (200, 417)
	connection = shop.connection()
	assert connection is None or not connection.access_token
	assert MARKUP not in answer.text


@pytest.mark.parametrize(
	"mode", ["numbers_for_lists", "texts_for_lists", "wrong_entries", "endless_pages", "deep_lists"]
)
def test_a_shop_is_connected_though_its_subscriptions_make_no_sense(shop, mode):
	shop.control.hostile(mode, operation="webhook*")
	began = time.monotonic()
	answer = shop.callback(shop.approve())
	check(answer, began)
	assert shop.entry()["status"] == "connected"


@pytest.mark.parametrize("mode", OF_SHOPIFY)
def test_the_store_survives_and_works_again(sold, connected_store, manager, mode):
	connected_store.control.hostile(mode, path="*/graphql.json")
	for rpc in ("sync_catalog", "sync_inventory", "register_webhooks"):
		call(manager, f"medgrid.exoceuticals.{rpc}")
	began = time.monotonic()
	check(manager.get("medgrid.exoceuticals.health"), began)
	connected_store.control.clear_faults()
	assert connected_store.sync_catalog()["status"] == "ok"


@pytest.mark.parametrize(
	"mode", ["long_ids", "far_times", "wrong_entries", "deep_lists", "refusal_of_markup"]
)
def test_sending_and_polling_an_order_survive(sold, connected_store, manager, mode):
	sales_order = order((sold, 1, 10)).name
	connected_store.control.hostile(mode, path="*/graphql.json")
	rpc = "medgrid.exoceuticals.sync_to_exoceuticals"
	assert call(manager, rpc, sales_order=sales_order).status_code in (200, 409, 417)
	connected_store.control.clear_faults()
	call(manager, rpc, sales_order=sales_order)
	connected_store.control.hostile(mode, path="*/graphql.json")
	call(manager, "medgrid.exoceuticals.poll_exoceuticals_status", sales_order=sales_order)


@pytest.mark.parametrize("mode", MODES)
def test_a_text_message_survives(vendor, sendblue, mode):
	sendblue.hostile(mode)
	began = time.monotonic()
	check(start(vendor), began)
