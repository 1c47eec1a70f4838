"""What a vendor is advised to do fits the failure's class, in sentences without machine words."""

import re

import frappe
import pytest

from medgrid.clients.shopify import errors as shopify_errors
from medgrid.exceptions import MedgridError, RuleViolated
from medgrid.http_client import errors
from medgrid.http_client.errors import IntegrationError
from medgrid.services.failure_advice import KEYS, KINDS, advice_of, kind_of
from medgrid.services.failure_texts import failure_text
from medgrid.services.support import how_to_reach_us, support_contact, us
from tests.support import records
from tests.support.http import message
from tests.support.sendblue import configure
from tests.support.vendors import order

SERVICES = ("shipstation", "shopify", "sendblue")
FAILURES = [
	kind
	for module in (errors, shopify_errors)
	for kind in vars(module).values()
	if isinstance(kind, type) and issubclass(kind, IntegrationError) and kind is not shopify_errors.UserErrors
]
# A field's name, a DocType's spelling of a setting, and words of the contract's border.
MACHINE_WORDS = re.compile(r"\b[a-z]+_[a-z_]+\b|Parameter|Medgrid Settings:|None\b|\{\d\}")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", FAILURES, ids=lambda kind: kind.__name__)
def test_each_failure_has_a_sentence_and_advice_without_machine_words(site, kind, service):
	failure = kind("reason", service=service)
	for sentence in (failure_text(failure), advice_of(kind_of(failure), service)):
		assert sentence.endswith((".", "reason")), sentence
		assert not MACHINE_WORDS.search(sentence), sentence


@pytest.mark.parametrize("service", SERVICES)
def test_only_rejected_keys_lead_to_new_keys(site, service):
	for kind in {*KINDS.values(), None}:
		assert ("new keys" in advice_of(kind, service)) == (kind == KEYS and service == "shipstation"), kind


def test_the_most_specific_class_decides(site):
	assert kind_of(shopify_errors.AuthorizationRejected()) == "keys"
	assert kind_of(errors.OutcomeUnknown()) == "outage"
	assert kind_of(RuleViolated()) == "rule"
	assert kind_of(MedgridError()) == "fault"
	assert kind_of(None) is None


CASES = [
	pytest.param({"status": 503}, "do not have to do anything, and your keys stay valid", id="down"),
	pytest.param({"status": 500}, "do not have to do anything, and your keys stay valid", id="broken"),
	pytest.param({"status": 402}, "choose a plan with API access", id="trial expired"),
	pytest.param({"status": 403}, "contact ShipStation's support", id="refused"),
	pytest.param({"status": 401}, "API V1 (V2 has a single key", id="keys"),
]


@pytest.mark.parametrize("by", ["test", "sync"])
@pytest.mark.parametrize(("fault", "advice"), CASES)
def test_the_card_advises_what_fits(connected, fault, advice, by):
	connected.shipstation.fault("status", times=None, path="/accounts/listtags", **fault)
	if by == "sync":
		assert connected.sync()["ok"] is False
	else:
		test = "medgrid.integrations.test_connection"
		assert message(connected.caller.post(test, integration_type="shipstation"))["ok"] is False
	assert advice in (advised(connected) or "")
	connected.shipstation.clear_faults()
	connected.stats()
	assert advised(connected) is None


def advised(vendor, integration: str = "shipstation") -> str | None:
	rpc = "medgrid.integrations.connection_advice"
	return message(vendor.caller.get(rpc, integration_type=integration))["advice"]


def test_advice_is_of_the_callers_own_connections(connected, other_vendor):
	connected.shipstation.fault("status", times=None, path="/accounts/listtags", status=402)
	assert connected.sync()["ok"] is False
	assert advised(connected)
	assert advised(other_vendor) is None
	assert advised(connected, "shopify") is None


@pytest.fixture
def contact(site):
	configure(
		support_contact="Order desk", support_email="orders@skydell.example", support_phone="+1 206 555 0100"
	)
	yield
	configure(support_contact="", support_email="", support_phone="")


def test_sentences_name_whom_to_ask(contact, connected):
	assert us() == "MedGrid (Order desk, orders@skydell.example, +1 206 555 0100)"
	order((connected.item, 1, 10), address=False)
	[sentence] = connected.stats()["push_errors"]
	assert sentence.endswith(f"Ask {us()} to correct it.")


def test_without_settings_the_company_is_the_contact(site):
	company = records.company().name
	if not frappe.defaults.get_global_default("company"):
		# ERPNext's setup wizard was not run on this site.
		frappe.defaults.set_global_default("company", company)
		frappe.db.commit()
	frappe.db.set_value("Company", company, {"email": "office@skydell.example", "phone_no": ""})
	frappe.clear_document_cache("Company", company)
	try:
		assert support_contact().email == "office@skydell.example"
		assert us() == f"MedGrid ({support_contact().name}, office@skydell.example)"
		frappe.db.set_value("Company", company, "email", "")
		frappe.clear_document_cache("Company", company)
		assert (us(), how_to_reach_us()) == ("MedGrid", "")
	finally:
		frappe.db.rollback()
		frappe.clear_document_cache("Company", company)
