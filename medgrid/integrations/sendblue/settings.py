"""Reads the Sendblue section of Medgrid Settings."""

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.sendblue.client import SendblueClient
from medgrid.core.secrets import read_secret
from medgrid.core.waiting.request_time import deadline_in
from medgrid.services.base_urls import base_url
from medgrid.services.outgoing import client_options
from medgrid.services.required_settings import require_settings
from medgrid.services.support import us

DOCTYPE = "Medgrid Settings"
WEBHOOK_SECRET = "sendblue_webhook_secret"
# The deadline of a client; a person may be waiting for the message to be sent.
SECONDS = 20


def client() -> SendblueClient:
	"""Creates a client with the site's API keys, whose deadline is in SECONDS.

	:raises RuleViolated: an administrator has not entered the keys yet.
	:raises TooManyRequests: see `outgoing.take_slot`.
	:raises Busy: see `outgoing.take_slot`.
	"""
	key_id, secret_key = api_keys()
	return SendblueClient(
		base_url("sendblue"),
		key_id,
		secret_key,
		frappe.get_cached_doc(DOCTYPE).sendblue_from_number or None,
		**client_options(deadline_in(SECONDS)),
	)


def api_keys() -> tuple[SecretStr, SecretStr]:
	"""The id and the secret of the site's API key.

	:raises RuleViolated: an administrator has not entered them yet.
	"""
	document = frappe.get_cached_doc(DOCTYPE)
	key_id = SecretStr(document.sendblue_api_key_id or "")
	secret_key = read_secret(DOCTYPE, DOCTYPE, "sendblue_api_secret_key") or SecretStr("")
	require_settings(
		# The reader is a vendor, who knows no settings.
		_("Text messages are not set up yet. Ask {0} to set up Sendblue.").format(us()),
		{"sendblue_api_key_id": key_id, "sendblue_api_secret_key": secret_key},
	)
	return key_id, secret_key


def webhook_secret() -> SecretStr | None:
	"""The secret that Sendblue sends with each webhook; None if an administrator has not set it."""
	return read_secret(DOCTYPE, DOCTYPE, WEBHOOK_SECRET)
