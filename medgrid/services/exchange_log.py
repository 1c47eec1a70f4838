"""The log of calls to other systems: `logs/medgrid.exchanges.log`, of the bench and of the site.

Each exchange, successful or not, gets one line without any data of its content: service, host, path, status,
milliseconds, bytes, attempt, and the other system's request ID, which its support needs. Frappe rotates the
files.
"""

import logging

import frappe

from medgrid.core.redaction import mask_known
from medgrid.core.secrets import known_secrets
from medgrid.http_client.exchanges import LOGGER_NAME, Exchange


def log_exchange(exchange: Exchange) -> None:
	"""Writes one line for an exchange. Code that creates a client on a site passes it as `observer`."""
	logger = frappe.logger(LOGGER_NAME, allow_site=True)
	# Frappe's default level logs errors only.
	logger.setLevel(logging.INFO)
	# The request ID is the other system's text, and it has the secrets.
	logger.info(mask_known(str(exchange), known_secrets()))
