"""The Exoceuticals webhook over HTTP against Frappe's ping on the same server: what four senders at a time
get through, in turns within one run. Every webhook has an id and an order of its own.
"""

import http.client
import os
import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import webhooks_data
from benchmarks.measure import Figure

SENDERS, TURNS, EACH_TURN = 4, 20, 100
WARM_UP = 100
# Frappe's ping is the least that a request can do; the webhook may take twice as long.
LIMIT = 2.0
# The slowest of a hundred are the machine's doing as much as the request's.
TAIL_LIMIT = 3.0
# Shopify waits for so long.
ANSWER_MILLISECONDS = 5_000
PATH = "/api/method/medgrid.exoceuticals.webhook"

Request = tuple[str, str, bytes, dict[str, str]]


def run() -> list[Figure]:
	return [
		figure
		for topic, what in (
			("orders/fulfilled", "orders/fulfilled"),
			("orders/updated", "orders/updated, not shipped"),
		)
		for figure in _measure(topic, what)
	]


def _measure(topic: str, what: str) -> list[Figure]:
	from sandbox.runtime.site import connected

	count = TURNS * EACH_TURN + WARM_UP
	with connected():
		webhooks = webhooks_data.prepare(count, topic)
	subject, reference = _in_turns([("POST", PATH, *webhook) for webhook in webhooks])
	with connected():
		if webhooks_data.outcomes(webhooks) != {"Updated": count}:
			raise AssertionError(f"not all were handled: {webhooks_data.outcomes(webhooks)}")
	return [
		Figure(f"{what}: time for each, {SENDERS} at a time", "ms", subject.each, reference.each, LIMIT),
		Figure(f"{what}: p99, against Shopify's patience", "ms", subject.p99, ANSWER_MILLISECONDS, 1.0),
		Figure(f"{what}: p99, against the ping's", "ms", subject.p99, reference.p99, TAIL_LIMIT),
	]


class Tally:
	"""Milliseconds: of the whole, for each request, and what one of a hundred took at least."""

	def __init__(self):
		self.elapsed, self.latencies = 0.0, []

	@property
	def each(self) -> float:
		return self.elapsed / len(self.latencies)

	@property
	def p99(self) -> float:
		return statistics.quantiles(self.latencies, n=100, method="inclusive")[98]


def _in_turns(requests: list[Request]) -> tuple[Tally, Tally]:
	"""The requests and as many pings, a hundred of each in turns."""
	ping: Request = ("GET", "/api/method/frappe.ping", b"", {})
	subject, reference = Tally(), Tally()
	with ThreadPoolExecutor(SENDERS) as pool:
		_send(pool, [*requests[:WARM_UP], *[ping] * WARM_UP], Tally())
		for turn in range(TURNS):
			start = WARM_UP + turn * EACH_TURN
			_send(pool, requests[start : start + EACH_TURN], subject)
			_send(pool, [ping] * EACH_TURN, reference)
	return subject, reference


def _send(pool: ThreadPoolExecutor, requests: list[Request], tally: Tally) -> None:
	shares = [requests[number::SENDERS] for number in range(SENDERS)]
	started = time.perf_counter()
	for latencies in pool.map(_send_share, shares):
		tally.latencies += latencies
	tally.elapsed += (time.perf_counter() - started) * 1000


def _send_share(requests: Iterable[Request]) -> list[float]:
	"""One sender, over one connection. http.client: the sender shares the machine with the server."""
	connection = http.client.HTTPConnection(_server())
	try:
		return [_milliseconds(partial(_exchange, connection, request)) for request in requests]
	finally:
		connection.close()


def _exchange(connection: http.client.HTTPConnection, request: Request) -> None:
	method, path, body, headers = request
	connection.request(method, path, body or None, headers)
	answer = connection.getresponse()
	content = answer.read()
	if answer.status != 200:
		raise AssertionError(f"{path} answered {answer.status}: {content[:500]!r}")


def _milliseconds(call: Callable[[], None]) -> float:
	started = time.perf_counter()
	call()
	return (time.perf_counter() - started) * 1000


def _server() -> str:
	from sandbox import services

	return urlsplit(services.site_url(Path(os.environ["SANDBOX_SITE"]).name)).netloc
