"""The sentences that people read. Contract: "Integration-Specific Error Codes"."""

import inspect

import frappe
import pytest

from medgrid.clients.shopify import errors as shopify_errors
from medgrid.clients.shopify.errors import (
	AuthorizationRejected,
	NotApproved,
	ScopeMissing,
	ScopesNotGranted,
	ShopInactive,
	ShopNotFound,
	StoreLocked,
	UserError,
	UserErrors,
)
from medgrid.clients.shopify.oauth.installation import CallbackRejected
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
	kind
	for module in (errors, shopify_errors)
	for _name, kind in inspect.getmembers(module, inspect.isclass)
	if issubclass(kind, IntegrationError) and kind is not UserErrors
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


@pytest.mark.parametrize(
	("error", "text"),
	[
		(
			CredentialsRejected(),
			"Shopify no longer accepts the access token. Disconnect and connect the store again.",
		),
		(
			AuthorizationRejected(),
			"Shopify does not accept this authorization any more. Connect the store again.",
		),
		(
			PaymentRequired(status=402),
			"Shopify has frozen this store because a bill is not paid. Update its billing in Shopify, then"
			" try again.",
		),
		(ShopInactive(), "This store is not active in Shopify. Open it there, then try again."),
		(
			ScopeMissing("read_orders"),
			"Shopify denies the permission read_orders. Connect the store again and grant it.",
		),
		(
			ScopeMissing(),
			"Shopify denies a permission that this needs. Connect the store again and grant it.",
		),
		(
			ScopesNotGranted("read_products, read_inventory"),
			"Shopify did not grant all permissions that MedGrid needs. Missing: read_products,"
			" read_inventory.",
		),
		(
			ShopNotFound(),
			"Shopify does not know this store, or not this version of its API. Check the domain, then"
			" connect the store again.",
		),
		(StoreLocked(), "Shopify has locked this store. Its owner must contact Shopify's support."),
		(NotApproved(), "The connection was not approved in Shopify."),
		(RateLimited(retry_after=0), "Shopify's rate limit is reached. Try again in a minute."),
		(
			UserErrors([UserError("lineItems.0", "is gone"), UserError("", "no address")]),
			"Shopify rejected the request: lineItems.0: is gone; no address",
		),
		(
			OutcomeUnknown(),
			"Shopify's answer was lost, so it is not known whether the request was carried out.",
		),
	],
)
def test_shopifys_failures(site, error, text):
	error.service = "shopify"
	assert failure_text(error) == text


@pytest.mark.parametrize(
	("error", "text"),
	[
		(
			CredentialsRejected(),
			"Shopify no longer accepts the store's access token. A System Manager must connect the store"
			" again in System Settings → API Integration → Exoceuticals.",
		),
		(
			ShopNotFound(),
			"Shopify does not know this store, or not this version of its API. A System Manager must check"
			" both in System Settings → API Integration → Exoceuticals.",
		),
		(StoreLocked(), "Shopify has locked this store. Its owner must contact Shopify's support."),
		(NotSent(), "Shopify cannot be reached. Try again later."),
	],
)
def test_the_companys_own_store_is_an_administrators_business(site, error, text):
	error.service = "exoceuticals"
	assert failure_text(error) == text


@pytest.mark.parametrize(
	("reason", "text"),
	[
		("shop", "The shop's domain is missing or not valid."),
		("hmac", "HMAC verification failed."),
		("state", "OAuth state expired or invalid. Start the installation again."),
	],
)
def test_a_callback_that_fails_a_check(site, reason, text):
	assert failure_text(CallbackRejected(reason)) == text


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
