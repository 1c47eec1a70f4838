"""A secret that was replaced stays good for six hours: the vendors' app. The store's secrets have their tests
in `tests/exoceuticals/webhooks`."""

import json
from datetime import timedelta

import frappe
import pytest
from frappe.utils.password import get_decrypted_password

from medgrid.core.clock import stored_utc_now
from tests.support.shops import CLIENT_SECRET, set_up_app
from tests.webhooks.senders import shopify_headers

SETTINGS = "Medgrid Settings"
PATH = "/api/method/medgrid.integrations.shopify_webhook"
BODY = json.dumps({"id": 1, "myshopify_domain": "mgt-nobodys.myshopify.com"}).encode()


@pytest.fixture
def send(shopify_app, anonymous):
	def send(secret: str) -> int:
		headers = shopify_headers(BODY, secret, "app/uninstalled")
		return anonymous.request("POST", PATH, data=BODY, headers=headers).status_code

	yield send
	set_up_app(shopify_app)
	replace(shopify_client_secret_previous=None, shopify_client_secret_until=None)


def replace(**values) -> None:
	"""As an administrator does in Medgrid Settings."""
	frappe.db.rollback()
	settings = frappe.get_doc(SETTINGS)
	settings.update(values)
	settings.save()
	frappe.db.commit()


def previous() -> str | None:
	frappe.db.rollback()
	return get_decrypted_password(SETTINGS, SETTINGS, "shopify_client_secret_previous", raise_exception=False)


def test_after_a_rotation_old_and_new_secret_are_good_for_six_hours(send):
	replace(shopify_client_secret="the-new-secret")
	assert (send(CLIENT_SECRET), send("the-new-secret"), send("another")) == (200, 200, 401)
	assert previous() == CLIENT_SECRET
	until = frappe.utils.get_datetime(frappe.get_doc(SETTINGS).shopify_client_secret_until)
	assert timedelta(minutes=355) < until - stored_utc_now() <= timedelta(hours=6)
	frappe.db.set_single_value(SETTINGS, "shopify_client_secret_until", stored_utc_now())
	frappe.db.commit()
	assert (send(CLIENT_SECRET), send("the-new-secret")) == (401, 200)


def test_saving_something_else_keeps_both(send):
	replace(shopify_client_secret="the-new-secret")
	replace(event_days=91)
	replace(event_days=90)
	assert (send(CLIENT_SECRET), send("the-new-secret")) == (200, 200)


def test_a_secret_that_is_taken_out_is_good_no_more(send):
	replace(shopify_client_secret="the-new-secret")
	replace(shopify_client_secret="")
	assert (send(CLIENT_SECRET), send("the-new-secret")) == (401, 401)
