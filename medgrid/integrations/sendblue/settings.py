"""Reads the Sendblue section of Medgrid Settings."""

import time

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.sendblue.client import SendblueClient
from medgrid.exceptions import RuleViolated
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange

DOCTYPE = "Medgrid Settings"
WEBHOOK_SECRET = "sendblue_webhook_secret"
# The deadline of a client; a person may be waiting for the message to be sent.
SECONDS = 25
REQUIRED = ("sendblue_api_key_id", "sendblue_api_secret_key")


def client() -> SendblueClient:
	"""Creates a client with the site's API keys, whose deadline is in SECONDS.

	:raises RuleViolated: an administrator has not entered the keys yet.
	"""
	document = frappe.get_cached_doc(DOCTYPE)
	values = {name: _secret(name) for name in REQUIRED}
	if missing := [document.meta.get_label(name) for name, value in values.items() if not value]:
		raise RuleViolated(
			_("Text messages are not set up. An administrator must set in Medgrid Settings: {0}.").format(
				", ".join(missing)
			)
		)
	key_id, secret_key = (SecretStr(values[name]) for name in REQUIRED)
	return SendblueClient(
		base_url("sendblue"),
		key_id,
		secret_key,
		document.sendblue_from_number or None,
		deadline=time.monotonic() + SECONDS,
		observer=log_exchange,
	)


def webhook_secret() -> str | None:
	"""The secret that Sendblue sends with each webhook; None if an administrator has not set it."""
	return _secret(WEBHOOK_SECRET)


def _secret(name: str) -> str | None:
	document = frappe.get_cached_doc(DOCTYPE)
	if document.meta.get_field(name).fieldtype != "Password":
		return document.get(name)
	return document.get_password(name, raise_exception=False)
