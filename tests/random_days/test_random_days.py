"""Random days of a wholesaler, two vendors, one of them with two accounts, and the store: orders come, are
changed, cancelled and amended, labels are bought and voided, orders are split and restored there, the other
systems lose answers, workers are killed, and jobs come late or never. In the end ERPNext, ShipStation and
Shopify say the same.

`--order-days N` says how many days, `--order-seed N` which ones (0: random ones). A failure names the seed
with which its day alone happens again.
"""

import json
import random
import secrets
import sys
from typing import Any

import frappe
import pytest

from medgrid.core.waiting.patience import Patience
from tests.random_days.day import Day
from tests.random_days.ending import Ending
from tests.random_days.store import StoresDay
from tests.support import records
from tests.support.store import sold_item
from tests.support.vendors import Vendor, accounts_of, item_of, make_vendor

OPTIONS = ("queue", "job_id", "deduplicate", "timeout")


@pytest.fixture
def late_jobs(monkeypatch):
	"""Jobs wait until the day has them done. No pause is waited for."""
	queued: list[tuple[str, dict[str, Any]]] = []

	def enqueue(method: str, **arguments: Any) -> None:
		if method.startswith("medgrid."):
			queued.append((method, {name: value for name, value in arguments.items() if name not in OPTIONS}))

	monkeypatch.setattr(frappe, "enqueue", enqueue)
	monkeypatch.setattr(Patience, "sleep", Patience.note)
	return queued


@pytest.fixture
def new_day(environment, shipstation, connected_store, late_jobs):
	"""Makes a day with vendors of its own."""
	shared = {"company": "Skydell Medical"}

	def make(seed: int) -> tuple[Day, StoresDay]:
		shipstation.reset()
		late_jobs.clear()
		vendors = [make_vendor(environment, shipstation, person) for person in ("one", "two")]
		items: dict[str, Vendor | None] = {vendor.item: vendor for vendor in vendors}
		brand = records.ensure("Brand", {"brand": "MGT Random Brand"}).name
		items |= {item_of(vendor.supplier, f"{vendor.item}-B", brand=brand): vendor for vendor in vendors}
		only_there = sold_item(connected_store)
		of_both = sold_item(
			connected_store, item_defaults=[{**shared, "default_supplier": vendors[0].supplier}]
		)
		items |= {only_there: None, of_both: vendors[0]}
		for item in (only_there, of_both):
			records.set_stock(item, records.warehouse("MGT Shipping"), 1000)
		frappe.db.commit()
		accounts = [*accounts_of(vendors[0], "Europe"), *accounts_of(vendors[1])]
		for account in accounts:
			account.shipstation.add_account(account.api_key, account.api_secret, limit=100_000)
			account.connect(**({} if account.account == "default" else {"account": account.account}))
		day = Day(vendors, accounts, items, random.Random(seed), brand, waiting=late_jobs)
		return day, StoresDay(day, connected_store, {only_there, of_both})

	return make


def test_erpnext_and_the_other_systems_end_equal(new_day, site, request):
	days = request.config.getoption("--order-days")
	seed = request.config.getoption("--order-seed") or secrets.randbelow(2**31)
	sys.stderr.write(f"\n{days} random days of orders, --order-seed {seed}\n")
	for number in range(seed, seed + days):
		day, store = new_day(number)
		try:
			day.run()
			day.end(store)
			Ending(day, store).check()
			day.is_quiet()
		except BaseException:
			sys.stderr.write(f"\n--order-days 1 --order-seed {number}: {json.dumps(day.diary, indent=1)}\n")
			raise
