"""One record for each exchange with another system, good or bad: what operators look at, and no value in it.

A transport gives each record to its observer. The default one writes a line to the standard library's
logger `medgrid.exchanges`, which goes wherever the program's logging is set up to go; on a site that is
nowhere, so what builds a client there passes `medgrid.services.exchange_log.log_exchange`, which writes to
the site's logs.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

LOGGER_NAME = "medgrid.exchanges"


@dataclass(frozen=True)
class Exchange:
	"""
	:param path: without ids and without the values of the query.
	:param operation: e.g. of GraphQL; empty where the path tells enough.
	:param outcome: "answered", or the name of the failure's class.
	:param status: of the answer; None: there was none.
	:param bytes_received: of the answer's body, as it came.
	:param attempt: the how manieth, from 1.
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


# Must not raise: it is called after the exchange, whose outcome it would hide.
Observer = Callable[[Exchange], None]


def log_exchange(exchange: Exchange) -> None:
	"""The default observer."""
	logging.getLogger(LOGGER_NAME).info("%s", exchange)
