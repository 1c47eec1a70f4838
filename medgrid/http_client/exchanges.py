"""One record for each exchange with another system, successful or not, for operators. It contains no values.

A transport passes each record to its observer. The default observer writes a line to the standard library's
logger `medgrid.exchanges`. A Frappe site configures no handler for it; code that builds a client on a site
therefore passes `medgrid.services.exchange_log.log_exchange`, which writes to the site's logs.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

LOGGER_NAME = "medgrid.exchanges"


@dataclass(frozen=True)
class Exchange:
	"""One request and its result.

	:param path: without IDs and without the values of the query.
	:param operation: e.g. the name of a GraphQL operation; empty if the path identifies the operation.
	:param outcome: "answered", or the name of the failure's class.
	:param status: the HTTP status of the response; None if there was no response.
	:param bytes_received: bytes of the response's body, before decompression.
	:param attempt: the number of the attempt, from 1.
	"""

	service: str
	host: str
	method: str
	path: str
	operation: str
	outcome: str
	status: int | None
	milliseconds: int
	bytes_received: int
	request_id: str | None
	attempt: int

	def __str__(self) -> str:
		"""One line."""
		return (
			f"{self.service} {self.method} {self.host}{self.path} operation={self.operation or '-'}"
			f" outcome={self.outcome} status={self.status or '-'} ms={self.milliseconds}"
			f" bytes={self.bytes_received} attempt={self.attempt} request_id={self.request_id or '-'}"
		)


# Must not raise: the transport calls it after the exchange, and an exception would hide the outcome.
Observer = Callable[[Exchange], None]


def log_exchange(exchange: Exchange) -> None:
	"""The default observer: writes the record to the standard library's logger."""
	logging.getLogger(LOGGER_NAME).info("%s", exchange)
