"""What a request keeps of the secrets that came with it."""

import frappe
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from medgrid.api.secrets import withheld
from medgrid.core.secrets import known_secrets
from medgrid.exceptions import InvalidInput

CODE = "a-code-of-the-tests"


def request_for(query: str) -> Request:
	environ = EnvironBuilder(path="/api/method/x", query_string=query).get_environ()
	environ["RAW_URI"] = f"/api/method/x?{query}"
	return Request(environ)


@pytest.mark.parametrize(
	("query", "left"),
	[
		(f"code={CODE}&shop=a.myshopify.com&state={CODE}&hmac={CODE}", "shop=a.myshopify.com"),
		(f"secret={CODE}", "secret=********"),
		(f"x=1&api_secret={CODE}", "x=1"),
		(
			f"redirect-to=%2Fapi%2Fmethod%2Fx%3Fcode%3D{CODE}%26shop%3Da",
			"redirect-to=%2Fapi%2Fmethod%2Fx%3Fcode",
		),
	],
)
def test_an_address_loses_its_secrets_wherever_it_is_kept(site, query, left):
	request = request_for(query)
	before = (request.url, request.full_path, dict(request.args))
	assert CODE in repr(before)
	withheld.hide_address(request=request)
	kept = [request.url, request.full_path, repr(request), repr(dict(request.args)), repr(request.environ)]
	assert not [text for text in kept if CODE in text]
	assert left in request.full_path


def test_an_address_without_secrets_stays_as_it_is(site):
	request = request_for("query=vitamin%20d&warehouse=Stores")
	withheld.hide_address(request=request)
	assert request.query_string == b"query=vitamin%20d&warehouse=Stores"


@pytest.fixture
def parameters(site):
	before = site.local.form_dict
	site.local.form_dict = frappe._dict()
	site.local.medgrid_secrets = set()
	yield site.local.form_dict
	site.local.form_dict = before


SECRETS = {"api_key": "key-of-the-tests", "code": "123456"}


@pytest.mark.parametrize(
	("command", "left"),
	[
		("medgrid.integrations.connect_shipstation", {"shop_domain": "a"}),
		# Frappe passes the parameters to what takes the place of a function of its own.
		("medgrid.api.secrets.passwords.get_password", {"shop_domain": "a"}),
		("medgrid.contact_api.submit_contact_form", {}),
		("medgrid.no_such_rpc", {}),
	],
)
def test_a_call_of_medgrids_keeps_no_secret_and_the_rpc_gets_them_once(parameters, command, left):
	parameters.update(SECRETS, shop_domain="a", cmd=command)
	withheld.withhold(command)
	assert parameters == {**left, "cmd": command}
	assert withheld.take() == (SECRETS if left else {**SECRETS, "shop_domain": "a"})
	assert withheld.take() == {}
	assert known_secrets() == set(SECRETS.values())


@pytest.mark.parametrize(
	"sent",
	[
		{"shopify_client_secret": "typed-secret"},
		{"fieldname": "shopify_client_secret", "value": "typed-secret"},
		{"fieldname": '{"shopify_client_secret": "typed-secret"}'},
		{"doc": '{"doctype": "Medgrid Settings", "shopify_client_secret": "typed-secret"}'},
		{"docs": [{"doctype": "Medgrid Settings", "shopify_client_secret": "typed-secret"}]},
		{"data": '{"args": "{\\"name\\": \\"Medgrid Settings\\", \\"api_secret\\": \\"typed-secret\\"}"}'},
	],
)
def test_other_calls_keep_their_parameters_and_the_secrets_are_known(parameters, sent):
	parameters.update(sent)
	withheld.withhold("frappe.client.save")
	assert parameters == sent
	assert "typed-secret" in known_secrets()


def test_names_that_tell_a_secret_in_the_address_are_refused(site, monkeypatch):
	monkeypatch.setattr(site.local, "request", request_for("api_secret=x"), raising=False)
	withheld.check_not_in_address({"code"})
	with pytest.raises(InvalidInput, match="api_secret must be in the request's body"):
		withheld.check_not_in_address({"api_secret", "api_key"})
