"""The log of calls to other systems: `logs/medgrid.exchanges.log`, of the bench and of the site.

One line for each exchange, good or bad, without any value: service, host, path, status, milliseconds, bytes,
attempt, and the other side's request id, which its support asks for. Frappe rotates the files.
"""

import logging

import frappe

from medgrid.http_client.exchanges import LOGGER_NAME, Exchange


def log_exchange(exchange: Exchange) -> None:
	"""The observer that whoever builds a client on a site passes."""
	logger = frappe.logger(LOGGER_NAME, allow_site=True)
	# Frappe's own level leaves out everything but errors.
	logger.setLevel(logging.INFO)
	logger.info(str(exchange))
