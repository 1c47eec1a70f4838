"""The three senders of webhooks, each with something to do."""

import pytest


@pytest.fixture
def store_sender(site, shopify, anonymous):
	from tests.webhooks import senders

	with senders.store_sender(shopify, anonymous) as sender:
		yield sender


@pytest.fixture
def vendors_sender(shop, anonymous):
	from tests.webhooks import senders

	with senders.vendors_sender(shop, anonymous) as sender:
		yield sender


@pytest.fixture
def sendblue_sender(vendor, sendblue, anonymous):
	from tests.webhooks import senders

	with senders.sendblue_sender(vendor, sendblue, anonymous) as sender:
		yield sender


@pytest.fixture(params=["store_sender", "vendors_sender", "sendblue_sender"])
def sender(request):
	return request.getfixturevalue(request.param)


@pytest.fixture(params=["store_sender", "sendblue_sender"])
def once_sender(request):
	"""One whose webhooks are not carried out again."""
	return request.getfixturevalue(request.param)
