"""The linked Exoceuticals store with an order, and who may ask about it."""

import pytest


@pytest.fixture
def linked_store(site, shopify, anonymous):
	"""A new store, linked in System Settings, whose webhooks the site accepts."""
	from tests.support import store_webhooks
	from tests.support.waiting import wait_for_jobs

	# A refresh that an earlier test queued would find this test's orders.
	wait_for_jobs()
	with store_webhooks.linked_store(shopify, anonymous) as store:
		yield store


@pytest.fixture
def order(linked_store):
	"""An order that is both at Shopify and here."""
	from tests.support.waiting import wait_for_jobs

	order = linked_store.order()
	# The job that its submit queued locks it, too: on a busy machine for longer than a webhook waits.
	wait_for_jobs()
	return order


@pytest.fixture(scope="session")
def sales_manager(environment):
	return _caller(environment, "mgt.sales.manager@example.com", "Sales Manager")


@pytest.fixture(scope="session")
def only_administrator(environment):
	"""A System Manager without any right on Sales Orders."""
	return _caller(environment, "mgt.system.manager@example.com", "System Manager")


def _caller(environment, email: str, role: str):
	from tests.support import people
	from tests.support.http import Caller

	return Caller(environment, user=people.person(email, role))
