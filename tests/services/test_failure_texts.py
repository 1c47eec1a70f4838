"""The sentences that people read. Contract: "Integration-Specific Error Codes"."""

import inspect

import frappe
import pytest

from medgrid.exceptions import RuleViolated
from medgrid.http_client import errors
from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	NotSent,
	OutcomeUnknown,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ResourceNotFound,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.services.failure_texts import LABELS, failure_text

KINDS = [
	kind for _name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, IntegrationError)
]


@pytest.mark.parametrize(
	("error", "text"),
	[
		(CredentialsRejected(), "Invalid API Key or Secret — ShipStation rejected the credentials."),
		(
			PaymentRequired(),
			"ShipStation: the account's plan does not include API access. Change the plan in ShipStation,"
			" then test the connection.",
		),
		(
			RateLimited(retry_after=3),
			"ShipStation's limit of 40 requests a minute is reached. Try again in a few minutes.",
		),
		(ServiceUnavailable(status=503), "ShipStation is unavailable (HTTP 503). Try again later."),
		(ServiceUnavailable(), "ShipStation did not answer. Try again later."),
		(NotSent(), "ShipStation cannot be reached. Try again later."),
		(UnexpectedResponse(), "ShipStation sent an unexpected response. Try again later."),
		(RequestRejected("No such store."), "ShipStation rejected the request: No such store."),
		(RequestRejected(status=400), "ShipStation rejected the request: HTTP 400"),
		(ResourceNotFound(), "ShipStation does not have this order."),
		(
			DeadlineExceeded(),
			"There was not enough time for ShipStation's answer. Try again in a minute.",
		),
		(
			DeadlineExceeded(retry_after=40),
			"ShipStation's rate limit is reached. Try again in a minute.",
		),
	],
)
def test_shipstations_failures(site, error, text):
	error.service = "shipstation"
	assert failure_text(error) == text


@pytest.mark.parametrize(
	("error", "text"),
	[
		(
			CredentialsRejected(),
			"Sendblue rejects MedGrid's API keys. An administrator must check them in Medgrid Settings.",
		),
		(
			PaymentRequired(),
			"MedGrid's Sendblue account is not paid for. An administrator must pay Sendblue's bill.",
		),
		(RateLimited(), "Sendblue is busy. Try again in a few minutes."),
		(
			OutcomeUnknown(status=500),
			"Sendblue did not say whether the message was sent. Wait a minute for it, then try again.",
		),
		(
			RequestRejected("spam"),
			"Sendblue does not send to this number. Check the number, or use another one.",
		),
		(NotSent(), "Sendblue cannot be reached. Try again later."),
	],
)
def test_sendblues_failures(site, error, text):
	error.service = "sendblue"
	assert failure_text(error) == text


@pytest.mark.parametrize("service", [*LABELS, "another"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_failure_of_every_service_has_a_sentence_without_technical_words(site, service, kind):
	text = failure_text(kind(service=service, request_id="r-1"))
	assert text[0].isupper() or service == "another"
	assert kind.__name__ not in text and "r-1" not in text


def test_an_error_of_medgrids_own_has_its_sentence(site):
	assert failure_text(RuleViolated("Set it first.")) == "Set it first."


def test_the_sentence_is_in_the_readers_language(site, monkeypatch):
	monkeypatch.setattr(frappe.local, "lang", "de")
	translations = {"{0} cannot be reached. Try again later.": "{0} ist nicht erreichbar."}
	monkeypatch.setattr("frappe.translate.get_all_translations", lambda lang: translations)
	assert failure_text(NotSent(service="shipstation")) == "ShipStation ist nicht erreichbar."
