"""Leads an administrator through the set-up of the connector: the form of Vertex Settings shows it."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import frappe
from frappe import _

from medgrid.core.secrets import read_secret
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.merchants import advice
from medgrid.vertex.merchants.fields import DOCTYPE as MERCHANT
from medgrid.vertex.merchants.fields import UNINSTALLED
from medgrid.vertex.privacy.webhooks import CUSTOMER_REDACT, DATA_REQUEST, SHOP_REDACT
from medgrid.vertex.settings import CALLBACK, DOCTYPE, OPEN, WEBHOOK, address

DONE, TO_DO, OPTIONAL = "done", "to do", "optional"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# A guide for the first merchants; `health` and the list have all.
MAX_MERCHANTS = 20


@dataclass(frozen=True)
class Step:
	"""A step.

	:param state: DONE, TO_DO or OPTIONAL.
	:param sentences: what is missing and who does what; if nothing is, what there is.
	:param addresses: what to copy, by what it is called at Shopify.
	"""

	title: str
	state: str
	sentences: tuple[str, ...]
	addresses: tuple[tuple[str, str], ...] = ()


def steps() -> list[dict[str, Any]]:
	"""The steps in their order, as plain data for the form."""
	made = (_app_step(), _webhooks_step(), _identity_step(), *_merchant_steps())
	return [asdict(step) for step in made]


def _app_step() -> Step:
	document = frappe.get_cached_doc(DOCTYPE)
	sentences = []
	if not document.shopify_client_id:
		sentences.append(
			_(
				"Make an app in Shopify's Partner Dashboard, enter the two addresses there, and enter its "
				"Client ID here."
			)
		)
	if not read_secret(DOCTYPE, DOCTYPE, "shopify_client_secret"):
		sentences.append(_("Enter the app's Client Secret here. Shopify shows it beside the Client ID."))
	sentences += _problems_of_address()
	return Step(
		_("The connector's app at Shopify"),
		TO_DO if sentences else DONE,
		tuple(sentences) or (_("Merchants can install the app."),),
		((_("App URL"), address(OPEN)), (_("Redirect URL"), address(CALLBACK))),
	)


def _problems_of_address() -> list[str]:
	parts = urlsplit(address(OPEN))
	if parts.scheme == "https" or parts.hostname in LOOPBACK:
		return []
	return [
		_(
			"Shopify accepts only addresses that begin with https://. Who runs the server must set host_name "
			"in the site's configuration."
		)
	]


def _webhooks_step() -> Step:
	received = frappe.db.exists(
		"Integration Event",
		{"source": INTEGRATION, "topic": ("in", (DATA_REQUEST, CUSTOMER_REDACT, SHOP_REDACT))},
	)
	sentence = (
		_("Shopify has sent one of them.")
		if received
		else _(
			"Enter the address in the app's configuration at Shopify for all three. None was received yet."
		)
	)
	return Step(
		_("The privacy webhooks: {0}").format(", ".join((DATA_REQUEST, CUSTOMER_REDACT, SHOP_REDACT))),
		DONE if received else TO_DO,
		(sentence,),
		((_("Webhook URL"), address(WEBHOOK)),),
	)


def _identity_step() -> Step:
	title = _("The identity server")
	document = frappe.get_cached_doc(DOCTYPE)
	has_secret = bool(read_secret(DOCTYPE, DOCTYPE, "identity_secret"))
	if not (
		document.identity_issuer or document.identity_audience or document.identity_jwks_url or has_secret
	):
		return Step(
			title,
			OPTIONAL,
			(
				_(
					"Bearer tokens are not accepted. Enter an issuer if merchants sign in at an identity "
					"server."
				),
			),
		)
	missing = [
		label
		for label, value in (
			(_("Issuer"), document.identity_issuer),
			(_("Audience"), document.identity_audience),
			(_("Key Set URL or Secret"), document.identity_jwks_url or has_secret),
		)
		if not value
	]
	if missing:
		sentence = _("{0} must be entered here. Until then no bearer token is accepted.")
		return Step(title, TO_DO, (sentence.format(", ".join(missing)),))
	sentence = _("Bearer tokens of {0} are accepted. Press Test to see whether MedGrid can check them.")
	return Step(title, DONE, (sentence.format(document.identity_issuer),))


def _merchant_steps() -> list[Step]:
	filters = {"status": ("!=", UNINSTALLED)}
	rows = frappe.get_all(
		MERCHANT,
		filters,
		list(advice.FIELDS),
		order_by="creation asc",
		limit=MAX_MERCHANTS,
	)
	if not rows:
		first = _(
			"Make a Vertex Merchant for a company of yours, or have a shop's owner open App URL and install "
			"the app."
		)
		test = _("A merchant is taxed as soon as its credentials were tested with success.")
		return [Step(_("The first merchant"), TO_DO, (first,)), Step(_("The test"), TO_DO, (test,))]
	count = _("There are Vertex Merchants: {0}.").format(frappe.db.count(MERCHANT, filters))
	problems = tuple(problem for row in rows if (problem := advice.problem_of(row)))
	return [
		Step(_("The first merchant"), DONE, (count,)),
		Step(
			_("The test"),
			TO_DO if problems else DONE,
			problems or (_("Vertex accepts the credentials of every merchant."),),
		),
	]
