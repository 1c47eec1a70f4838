"""Where the tests run: on the sandbox's test site, or with `--bench PATH --site NAME` on a real bench's site.

`site` is a connection in this process, rolled back after each test. `anonymous`, `customer`, `sales_rep` and
`manager` are callers over HTTP, of the site's real web server.
"""

import pytest

from tests.support.environment import BenchEnvironment, SandboxEnvironment


def pytest_addoption(parser):
	group = parser.getgroup("medgrid")
	group.addoption("--bench", help="path of a bench with frappe, erpnext and medgrid")
	group.addoption("--site", help="name of the bench's site that the tests may fill with their data")


def pytest_configure(config):
	bench, site = config.getoption("--bench"), config.getoption("--site")
	if bool(bench) != bool(site):
		raise pytest.UsageError("--bench and --site belong together")
	config.environment = BenchEnvironment(bench, site) if bench else SandboxEnvironment()
	config.environment.connect()


def pytest_collection_modifyitems(config, items):
	"""Each place leaves out, and counts as deselected, what only the other one has; see `markers` in
	pyproject.toml."""
	elsewhere = "stand_in" if config.getoption("--bench") else "desk"
	left_out = [item for item in items if item.get_closest_marker(elsewhere)]
	if left_out:
		items[:] = [item for item in items if item not in left_out]
		config.hook.pytest_deselected(items=left_out)


def pytest_unconfigure(config):
	if environment := getattr(config, "environment", None):
		environment.close()


@pytest.fixture(scope="session")
def environment(request):
	return request.config.environment


@pytest.fixture
def site(environment):
	"""The site in this process, as Administrator. What a test does not commit is undone after it."""
	import frappe

	frappe.set_user("Administrator")
	# A fresh view: the test before may have ended long ago, and requests have written since.
	frappe.db.rollback()
	yield frappe
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.local.message_log = []


@pytest.fixture(scope="session")
def anonymous(environment):
	from tests.support.http import Caller

	return Caller(environment)


def _caller_fixture(person: str):
	@pytest.fixture(scope="session", name=person)
	def caller(environment):
		from tests.support import people
		from tests.support.http import Caller

		return Caller(environment, user=getattr(people, person)())

	return caller


customer = _caller_fixture("customer")
sales_rep = _caller_fixture("sales_rep")
manager = _caller_fixture("manager")


@pytest.fixture(scope="session")
def catalog(environment):
	"""Warehouses, items, stock and prices for the catalog's tests, committed."""
	from tests.support.catalog import make_catalog

	return make_catalog()


@pytest.fixture(scope="session")
def shipstation_simulator(environment):
	from sandbox.simulators.shipstation.remote import ShipStationControl

	return ShipStationControl(environment.simulators["shipstation"])


@pytest.fixture
def shipstation(shipstation_simulator):
	"""The control of the simulated ShipStation, without accounts and faults."""
	shipstation_simulator.reset()
	yield shipstation_simulator
	shipstation_simulator.clear_faults()


@pytest.fixture(scope="session")
def shopify_simulator(environment):
	from sandbox.simulators.shopify.remote import ShopifyControl

	return ShopifyControl(environment.simulators["shopify"].removesuffix("/{shop}"))


@pytest.fixture
def shopify(shopify_simulator):
	"""The control of the simulated Shopify, without apps, shops and faults."""
	shopify_simulator.reset()
	yield shopify_simulator
	shopify_simulator.clear_faults()


@pytest.fixture
def vendor(site, environment, shipstation):
	"""A new vendor with a ShipStation account that is not connected yet."""
	from tests.support.vendors import make_vendor

	return make_vendor(environment, shipstation, "one")


@pytest.fixture
def other_vendor(site, environment, shipstation):
	from tests.support.vendors import make_vendor

	return make_vendor(environment, shipstation, "two")


@pytest.fixture
def connected(vendor):
	"""The vendor, connected."""
	vendor.connect()
	return vendor


@pytest.fixture
def shopify_app(site, shopify):
	"""The control of the simulated Shopify, with MedGrid's app for vendors set up."""
	from tests.support.shops import set_up_app

	set_up_app(shopify)
	return shopify


@pytest.fixture
def shop(vendor, shopify_app, anonymous):
	"""The vendor's shop, not connected yet."""
	from tests.support.shops import make_shop

	return make_shop(vendor, shopify_app, anonymous)


@pytest.fixture
def connected_shop(shop):
	shop.connect()
	return shop


@pytest.fixture
def store(site, shopify, manager):
	"""The Exoceuticals store, set up in System Settings and not connected yet."""
	from tests.support.store import configure, configured, forget_everything, make_store

	before = configured()
	yield make_store(shopify, manager)
	site.db.rollback()
	forget_everything()
	configure(**before)


@pytest.fixture
def connected_store(store):
	"""The store, with a token."""
	store.connect()
	return store


@pytest.fixture
def sold(connected_store):
	"""An Item that the connected store sells, linked, with 50 in stock there."""
	import frappe

	from tests.support.store import new_item

	name = new_item()
	variant = connected_store.product(name, quantity=50)
	frappe.db.set_value("Item", name, "exoceuticals_variant_id", variant["id"])
	frappe.db.commit()
	return name


# Browsers


@pytest.fixture(scope="session")
def browser():
	from playwright.sync_api import sync_playwright

	from tests.support.browser import launch

	with sync_playwright() as playwright:
		browser = launch(playwright)
		yield browser
		browser.close()


@pytest.fixture
def visit(browser, environment):
	"""`visit(person=None, phone=False, scheme="light", **options)`: a Visitor, signed in as the person. After
	the test each window must have been quiet and stayed at home."""
	from tests.support.browser import Visitor, new_window

	visitors = []

	def open_window(person=None, **options):
		context = new_window(browser, environment, **options)
		visitor = Visitor(context, context.new_page(), environment.url)
		visitors.append(visitor)
		return visitor.sign_in(person) if person else visitor

	yield open_window
	for visitor in visitors:
		visitor.context.close()
	for visitor in visitors:
		visitor.check()


# Sendblue


@pytest.fixture(scope="session")
def sendblue_simulator(environment):
	from sandbox.simulators.sendblue.remote import SendblueControl

	return SendblueControl(environment.simulators["sendblue"])


@pytest.fixture
def sendblue(site, environment, sendblue_simulator):
	"""The simulated Sendblue with the account of Medgrid Settings, and no limit used up."""
	from tests.support import limits
	from tests.support.sendblue import set_up

	limits.lift()
	sendblue_simulator.reset()
	set_up(sendblue_simulator)
	yield sendblue_simulator
	sendblue_simulator.clear_faults()
	limits.lift()
