"""Which of a vendor's ShipStation accounts gets an order, and into which store there it goes."""

import secrets
from dataclasses import replace

import frappe
import pytest

from tests.support import records
from tests.support.http import error, message
from tests.support.records import ensure
from tests.support.vendors import Vendor, item_of, order
from tests.support.waiting import wait_for_jobs

RPC = "medgrid.integrations."
EUROPE = {"account": "Europe"}


def further(vendor: Vendor, name: str) -> Vendor:
	"""The vendor with one more ShipStation account."""
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	vendor.shipstation.add_account(key, secret)
	more = replace(vendor, api_key=key, api_secret=secret)
	assert more.connect(account=name)["ok"] is True
	return more


@pytest.fixture
def second(connected) -> Vendor:
	return further(connected, "Europe")


class Goods:
	"""An item of the vendor of each kind that a rule can name."""

	def __init__(self, vendor: Vendor):
		self.mark = secrets.token_hex(3).upper()
		self.group = self.make_group("Gloves")
		self.brand = ensure("Brand", {"brand": f"MGT Brand {self.mark}"}).name
		self.warehouse = records.warehouse(f"MGT Place {self.mark}")
		self.plain = vendor.item
		self.branded = item_of(vendor.supplier, f"MGT-B-{self.mark}", brand=self.brand)
		self.gloves = item_of(vendor.supplier, f"MGT-G-{self.mark}", item_group=self.group)

	def make_group(self, name: str, parent: str = "All Item Groups", is_group: int = 0) -> str:
		key = {"item_group_name": f"MGT {name} {self.mark}"}
		return ensure("Item Group", key, parent_item_group=parent, is_group=is_group).name

	def rows(self) -> dict[str, tuple]:
		elsewhere = {"warehouse": self.warehouse}
		return {
			"plain": (self.plain, 1, 10),
			"brand": (self.branded, 1, 10),
			"item_group": (self.gloves, 1, 10),
			"warehouse": (self.plain, 1, 10, elsewhere),
		}

	def part(self, kind: str) -> dict[str, str]:
		values = {"brand": self.brand, "item_group": self.group, "warehouse": self.warehouse}
		return {"kind": kind, "value": values[kind]}


@pytest.fixture
def goods(connected) -> Goods:
	made = Goods(connected)
	frappe.db.commit()
	return made


def save(vendor: Vendor, *parts: dict, **account: str):
	"""Saves a rule, and waits for the syncs that it queues."""
	answer = vendor.caller.post(f"{RPC}save_order_rule", rule=list(parts), **account)
	wait_for_jobs()
	return answer


def accounts(vendor: Vendor) -> dict[str, dict]:
	listed = message(vendor.caller.get(f"{RPC}list_accounts"))["accounts"]
	return {each["account"]: each for each in listed if each["id"] == "shipstation"}


def sent(vendor: Vendor) -> set[str]:
	return {entry["orderKey"] for entry in vendor.remote_orders()}


def sync(vendor: Vendor, *names: str) -> None:
	for name in names:
		assert vendor.sync(account=name)["ok"]


# which account gets an order


@pytest.mark.parametrize("kind", ["brand", "item_group", "warehouse"])
def test_an_order_with_a_matching_row_goes_whole_to_that_account(connected, second, goods, kind):
	assert message(save(second, goods.part(kind), **EUROPE)) == {"ok": True}
	rows = goods.rows()
	mixed, other = order(rows["plain"], rows[kind]), order(rows["plain"])
	sync(connected, "default", "Europe")
	assert sent(second) == {mixed.name} and sent(connected) == {other.name}
	assert len(second.remote_orders()[0]["items"]) == 2


def test_a_rule_of_a_group_takes_what_is_below_it(connected, second, goods):
	above = goods.make_group("Wear", is_group=1)
	below = goods.make_group("Masks", above)
	item = item_of(connected.supplier, f"MGT-M-{goods.mark}", item_group=below)
	frappe.db.commit()
	assert message(save(second, {"kind": "item_group", "value": above}, **EUROPE))["ok"]
	matching = order((item, 1, 10))
	sync(connected, "default", "Europe")
	assert sent(second) == {matching.name} and not sent(connected)


def test_of_two_matching_accounts_the_one_that_was_connected_first_gets_it(connected, second, goods):
	third = further(connected, "Asia")
	message(save(third, goods.part("brand"), account="Asia"))
	message(save(second, goods.part("item_group"), **EUROPE))
	rows = goods.rows()
	both, asia, rest = order(rows["brand"], rows["item_group"]), order(rows["brand"]), order(rows["plain"])
	sync(connected, "Asia", "Europe", "default")
	assert [sent(each) for each in (connected, second, third)] == [{rest.name}, {both.name}, {asia.name}]


def test_what_no_rule_matches_goes_to_the_first_account_without_a_rule(connected, second, goods):
	message(save(connected, goods.part("brand")))
	rows = goods.rows()
	matching, rest = order(rows["brand"]), order(rows["plain"])
	sync(connected, "Europe", "default")
	assert sent(connected) == {matching.name} and sent(second) == {rest.name}


def test_if_each_account_has_a_rule_the_first_one_gets_the_rest(connected, second, goods):
	message(save(connected, goods.part("brand")))
	message(save(second, goods.part("item_group"), **EUROPE))
	rest = order(goods.rows()["plain"])
	sync(connected, "Europe", "default")
	assert sent(connected) == {rest.name} and not sent(second)
	assert {name: each["takes"] for name, each in accounts(connected).items()} == {
		"default": "matching_and_rest",
		"Europe": "matching",
	}


def test_a_row_of_another_vendor_or_one_that_is_delivered_matches_nothing(
	connected, other_vendor, second, goods
):
	theirs = item_of(other_vendor.supplier, f"MGT-T-{goods.mark}", brand=goods.brand)
	message(save(second, goods.part("brand"), **EUROPE))
	mixed = order((theirs, 1, 10), goods.rows()["plain"])
	sync(connected, "Europe", "default")
	assert sent(connected) == {mixed.name} and not sent(second)


def test_an_account_that_is_disconnected_counts_for_nothing_and_has_its_rule_again_later(
	connected, second, goods
):
	message(save(second, goods.part("brand"), **EUROPE))
	message(connected.caller.post(f"{RPC}disconnect", integration_type="shipstation", **EUROPE))
	first = order(goods.rows()["brand"])
	sync(connected, "default")
	assert sent(connected) == {first.name}
	assert second.connect(**EUROPE)["ok"]
	later = order(goods.rows()["brand"])
	sync(connected, "default", "Europe")
	assert sent(second) == {later.name}


def test_an_order_that_is_sent_stays_where_it_is(connected, second, goods):
	before = order(goods.rows()["brand"])
	sync(connected, "default")
	message(save(second, goods.part("brand"), **EUROPE))
	sync(connected, "default", "Europe")
	assert sent(connected) == {before.name} and not sent(second)


def test_a_cancelled_order_is_cancelled_in_the_account_that_has_it(connected, second, goods):
	message(save(second, goods.part("brand"), **EUROPE))
	sales_order = order(goods.rows()["brand"])
	sync(connected, "Europe")
	sales_order.reload()
	sales_order.cancel()
	frappe.db.commit()
	sync(connected, "default")
	assert second.remote_orders()[0]["orderStatus"] == "awaiting_shipment"
	sync(connected, "Europe")
	assert second.remote_orders()[0]["orderStatus"] == "cancelled"


def test_an_amended_order_for_another_account_waits_until_the_first_one_is_cancelled(
	connected, second, goods
):
	message(save(second, goods.part("brand"), **EUROPE))
	rows = goods.rows()
	original = order(rows["brand"], rows["plain"])
	sync(connected, "Europe")
	original.reload()
	original.cancel()
	amended = frappe.copy_doc(original)
	amended.amended_from = original.name
	amended.items = [row for row in amended.items if row.item_code == goods.plain]
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	assert connected.sync()["stats"]["orders_pushed"] == 0
	assert "another account of yours" in connected.record(amended.name).reason
	sync(connected, "Europe", "default")
	assert [entry["orderStatus"] for entry in second.remote_orders()] == ["cancelled"]
	assert sent(connected) == {amended.name}


def test_the_orders_of_a_paused_account_say_so_and_the_others_do_not(connected, second, goods):
	message(save(second, goods.part("brand"), **EUROPE))
	message(connected.caller.post(f"{RPC}pause", integration_type="shipstation", **EUROPE))
	held, other = order(goods.rows()["brand"]), order(goods.rows()["plain"])
	from medgrid.integrations.shipstation.due.register import make_records

	for each in (held, other):
		make_records(each.name)
	listed = message(connected.caller.get(f"{RPC}list_orders"))["orders"]
	reasons = {entry["sales_order"]: entry["reason"] for entry in listed}
	assert "paused" in reasons[held.name] and reasons[other.name] is None


# the rule


def test_the_rule_is_listed_and_on_record_and_an_empty_one_ends_it(connected, second, goods):
	assert accounts(connected)["Europe"]["takes"] == "nothing"
	parts = [goods.part("brand"), goods.part("warehouse")]
	message(save(second, *parts, parts[0], **EUROPE))
	europe = accounts(connected)["Europe"]
	assert (europe["takes"], europe["rule"]) == ("matching", parts)
	assert accounts(connected)["default"]["takes"] == "rest"
	filters = {"reference_name": second.connection("Europe"), "content": ("like", "%which orders go here%")}
	assert len(frappe.get_all("Comment", filters=filters)) == 1
	message(save(second, **EUROPE))
	assert accounts(connected)["Europe"]["rule"] == []


def test_a_single_account_takes_all_and_one_that_is_not_connected_none(connected, other_vendor):
	assert accounts(connected)["default"]["takes"] == "all"
	message(connected.caller.post(f"{RPC}disconnect", integration_type="shipstation"))
	assert accounts(connected)["default"]["takes"] is None


def choices(vendor: Vendor, **parameters) -> dict:
	return message(vendor.caller.get(f"{RPC}list_order_rule_choices", **parameters))


def test_the_choices_are_of_the_vendors_own_items(connected, other_vendor, goods):
	own, theirs = choices(connected)["choices"], choices(other_vendor)["choices"]
	assert goods.brand in own["brand"] and goods.group in own["item_group"]
	assert goods.brand not in theirs["brand"] and goods.group not in theirs["item_group"]
	assert "All Item Groups" not in own["item_group"]


def test_the_warehouses_offered_are_those_of_the_vendors_own_orders_and_items(
	connected, other_vendor, second, goods
):
	by_default = records.warehouse(f"MGT Default {goods.mark}")
	item = frappe.get_doc("Item", goods.branded)
	item.item_defaults[0].default_warehouse = by_default
	item.save()
	theirs = item_of(other_vendor.supplier, f"MGT-T-{goods.mark}")
	others = records.warehouse(f"MGT Others {goods.mark}")
	shared = order(goods.rows()["warehouse"], (theirs, 1, 10, {"warehouse": others}))
	assert shared.items[0].warehouse == goods.warehouse
	wait_for_jobs()
	frappe.db.commit()
	found = choices(connected)
	offered = set(found["choices"]["warehouse"])
	assert {goods.warehouse, by_default} <= offered and others not in offered and found["more"] is True
	# A warehouse that no order names yet can be found, and be in a rule.
	assert choices(connected, query=f" others {goods.mark.lower()}")["choices"]["warehouse"] == [others]
	assert message(save(second, {"kind": "warehouse", "value": others}, **EUROPE)) == {"ok": True}


def test_a_warehouse_that_is_not_in_use_is_neither_offered_nor_found_nor_ruled(connected, second, goods):
	order(goods.rows()["warehouse"])
	wait_for_jobs()
	frappe.db.set_value("Warehouse", goods.warehouse, "disabled", 1)
	frappe.db.commit()
	assert goods.warehouse not in choices(connected)["choices"]["warehouse"]
	assert choices(connected, query=goods.mark)["choices"]["warehouse"] == []
	answer = save(second, goods.part("warehouse"), **EUROPE)
	assert goods.warehouse in error(answer, 400, "ValidationError")


def test_a_search_finds_all_kinds_and_no_character_is_special(connected, goods):
	found = choices(connected, query=goods.mark.lower())
	assert found == {
		"choices": {
			"warehouse": [goods.warehouse],
			"brand": [goods.brand],
			"item_group": [goods.group],
		},
		"more": False,
	}
	for text in ("%", "\\", f"MGT_Place {goods.mark}", "'"):
		assert choices(connected, query=text)["choices"]["warehouse"] == []
	assert connected.caller.get(f"{RPC}list_order_rule_choices", query="x" * 141).status_code == 400


def test_at_most_fifty_names_of_a_kind_are_offered(connected, goods):
	made = sorted(records.warehouse(f"MGT Row {number:02} {goods.mark}") for number in range(51))
	frappe.db.commit()
	found = choices(connected, query=f"{goods.mark}")
	assert (len(found["choices"]["warehouse"]), found["more"]) == (50, True)
	found = choices(connected, query="MGT Row 50")
	assert made[50] in found["choices"]["warehouse"]


def test_a_rule_names_only_what_is_among_the_choices(connected, second, other_vendor, goods):
	foreign = ensure("Brand", {"brand": f"MGT Foreign {goods.mark}"}).name
	item_of(other_vendor.supplier, f"MGT-F-{goods.mark}", brand=foreign)
	frappe.db.commit()
	for value in (foreign, "MGT No Such Brand"):
		answer = save(second, {"kind": "brand", "value": value}, **EUROPE)
		assert value in error(answer, 400, "ValidationError")
	assert accounts(connected)["Europe"]["rule"] == []


@pytest.mark.parametrize(
	"rule",
	[
		None,
		"brand",
		5,
		[5],
		["brand"],
		[{"kind": "colour", "value": "red"}],
		[{"kind": "brand"}],
		[{"kind": "brand", "value": ""}],
		[{"kind": "brand", "value": ["x"]}],
		[{"kind": "brand", "value": "x" * 141}],
		[{"kind": "brand", "value": "x", "supplier": "other"}],
		[{"kind": "brand", "value": "x"}] * 101,
	],
	ids=str,
)
def test_a_rule_of_another_shape_is_refused(connected, rule):
	answer = connected.caller.post(f"{RPC}save_order_rule", rule=rule)
	assert answer.status_code == 400, answer.text


def test_nobody_reaches_another_vendors_accounts(connected, second, other_vendor, goods):
	store = connected.shipstation.add_store(second.api_key, "Web shop")["storeId"]
	message(save(second, goods.part("brand"), **EUROPE))
	calls: dict[str, dict] = {
		"save_order_rule": {"rule": []},
		"choose_shipstation_store": {"store": str(store)},
	}
	for rpc, values in calls.items():
		answer = other_vendor.caller.post(f"{RPC}{rpc}", **values, **EUROPE)
		assert "not connected" in error(answer, 417, "ValidationError")
	answer = other_vendor.caller.get(f"{RPC}list_shipstation_stores", **EUROPE)
	assert "not connected" in error(answer, 417, "ValidationError")
	assert accounts(connected)["Europe"]["rule"] == [goods.part("brand")]
	assert accounts(connected)["Europe"]["store"] is None and not accounts(other_vendor)


# the store


def stores(vendor: Vendor, **account: str) -> dict:
	return message(vendor.caller.get(f"{RPC}list_shipstation_stores", **account))


def choose(vendor: Vendor, store: object, **account: str):
	return vendor.caller.post(f"{RPC}choose_shipstation_store", store=store, **account)


def test_orders_go_to_the_store_that_is_chosen_and_without_one_to_shipstations_own(connected):
	web = connected.shipstation.add_store(connected.api_key, "Web shop", marketplace="Shopify")
	connected.shipstation.add_store(connected.api_key, "Closed", active=False)
	listed = stores(connected)
	assert [(store["name"], store["marketplace"]) for store in listed["stores"]] == [
		("Manual Orders", "ShipStation"),
		("Web shop", "Shopify"),
	]
	assert listed["chosen"] is None
	order((connected.item, 1, 10))
	connected.stats()
	request = connected.shipstation.received()
	assert not any("advancedOptions" in str(entry["body"]) for entry in request)
	answer = message(choose(connected, web["storeId"]))
	assert answer == {"ok": True, "store": "Web shop"}
	order((connected.item, 1, 10))
	connected.stats()
	manual = int(listed["stores"][0]["id"])
	options = [entry["advancedOptions"]["storeId"] for entry in connected.remote_orders()]
	assert options == [manual, web["storeId"]]
	assert stores(connected)["chosen"] == str(web["storeId"])
	assert accounts(connected)["default"]["store"] == "Web shop"
	assert message(choose(connected, None)) == {"ok": True, "store": None}
	assert accounts(connected)["default"]["store"] is None


def test_a_changed_order_stays_in_its_store(connected):
	web = connected.shipstation.add_store(connected.api_key, "Web shop")
	message(choose(connected, str(web["storeId"])))
	order((connected.item, 1, 10))
	connected.stats()
	message(choose(connected, None))
	[remote] = connected.remote_orders()
	connected.stats()
	assert connected.remote_orders()[0]["advancedOptions"]["storeId"] == web["storeId"]
	assert len(connected.remote_orders()) == 1 and remote["orderStatus"] == "awaiting_shipment"


def test_a_store_of_another_account_is_refused(connected, second):
	web = connected.shipstation.add_store(second.api_key, "Web shop")
	answer = choose(connected, str(web["storeId"]))
	assert str(web["storeId"]) in error(answer, 400, "ValidationError")
	assert message(choose(second, str(web["storeId"]), **EUROPE))["ok"]


def test_a_store_that_is_gone_makes_the_orders_wait_and_say_why(connected):
	web = connected.shipstation.add_store(connected.api_key, "Web shop")
	message(choose(connected, str(web["storeId"])))
	connected.shipstation.remove_store(connected.api_key, web["storeId"])
	sales_order = order((connected.item, 1, 10))
	connected.sync()
	record = connected.record(sales_order.name)
	assert str(web["storeId"]) in record.reason and record.who_acts == "Vendor"
	message(choose(connected, None))
	connected.sync()
	assert sent(connected) == {sales_order.name}


def test_new_keys_keep_the_store_and_disconnecting_forgets_it(connected):
	web = connected.shipstation.add_store(connected.api_key, "Web shop")
	message(choose(connected, str(web["storeId"])))
	connected.connect()
	assert accounts(connected)["default"]["store"] == "Web shop"
	message(connected.caller.post(f"{RPC}disconnect", integration_type="shipstation"))
	connected.connect()
	assert accounts(connected)["default"]["store"] is None


def test_that_shipstation_does_not_answer_is_said(connected):
	connected.shipstation.fault("status", times=None, path="/stores", status=503)
	answer = stores(connected)
	assert answer["ok"] is False and "ShipStation" in answer["error"]
	assert message(choose(connected, "5"))["ok"] is False


@pytest.mark.parametrize("store", ["x" * 20, ["5"], {"id": 5}])
def test_a_store_is_a_short_text(connected, store):
	assert choose(connected, store).status_code == 400
