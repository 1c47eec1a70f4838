import pytest

from tests.support.connector import set_up_settings


@pytest.fixture
def settings(site):
	set_up_settings()
	return site.get_doc("Vertex Settings")


def test_a_new_site_has_the_defaults(site):
	stored = site.db.get_singles_dict("Vertex Settings")
	assert (stored["quote_quotations"], stored["commit_invoices"]) in [("1", "1"), (1, 1)]
	assert (stored["tax_rows"], stored["shipping_product_class"]) == ("By jurisdiction level", "SHIPPING")


def test_the_three_addresses_are_shown(settings):
	for field, name in (
		("app_url", "app_open"),
		("redirect_url", "app_callback"),
		("webhook_url", "app_webhook"),
	):
		assert settings.get(field).endswith(f"/api/method/medgrid.vertex.{name}")


@pytest.mark.parametrize(
	("values", "sentence"),
	[
		(
			{"identity_jwks_url": "https://id.example/keys", "identity_secret": "x" * 32},
			"either a key set or",
		),
		({"identity_secret": "x" * 31}, "at least 32 characters"),
		({"identity_jwks_url": "http://id.example/keys"}, "must begin with https"),
		({"identity_jwks_url": "https://user:pw@id.example/keys"}, "must begin with https"),
		({"identity_jwks_url": "file:///etc/passwd"}, "must begin with https"),
		({"shopify_client_secret": "two words"}, "no key has"),
	],
)
def test_an_unsafe_identity_server_is_refused(site, settings, values, sentence):
	settings.update(values)
	with pytest.raises(site.ValidationError, match=sentence):
		settings.save()


def test_a_key_set_on_this_machine_may_be_plain_http(settings):
	settings.identity_jwks_url = "http://127.0.0.1:9/keys"
	settings.save()


def test_a_mask_says_nothing_about_the_length(site, settings):
	assert site.db.get_singles_dict("Vertex Settings")["shopify_client_secret"] == "*" * 8
