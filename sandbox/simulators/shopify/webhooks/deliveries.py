"""Sends webhooks: one thread per shop, in order, with retries, and badly when it is told to.

A receiver that answers anything but 2xx within five seconds gets the same message again. After the last retry
the subscription is removed if an app made it, as at Shopify. The delays are seconds here and hours there.
"""

import heapq
import itertools
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

import requests

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify.webhooks.messages import Message

ANSWER_SECONDS = 5
DEFAULT_RETRIES = (0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6)
MODES = ("duplicate", "out_of_order", "wrong_signature", "lost")
KEPT = 50_000


@dataclass(frozen=True)
class Delivery:
	"""
	:param attempt: 1 for the first.
	:param status: what the receiver answered; None when it did not, and `error` says why.
	:param answer: the beginning of its answer.
	"""

	timestamp: float
	domain: str
	topic: str
	uri: str
	webhook_id: str
	event_id: str
	attempt: int
	mode: str | None
	status: int | None
	error: str | None
	seconds: float
	answer: str
	body: str


@dataclass(order=True)
class _Due:
	at: float
	turn: int
	message: Message = field(compare=False)
	attempt: int = field(compare=False, default=1)
	mode: str | None = field(compare=False, default=None)


class Dispatcher:
	"""Everything that is to be sent, and what became of what was sent."""

	def __init__(self):
		self.retries: tuple[float, ...] = DEFAULT_RETRIES
		self.paused = False
		self._modes: deque[str] = deque()
		self._held: list[tuple[Message, str]] = []
		self._log: deque[Delivery] = deque(maxlen=KEPT)
		self._queues: dict[str, list[_Due]] = {}
		self._turn = itertools.count()
		self._changed = threading.Condition()
		self._busy = 0
		self._closed = False

	def send(self, message: Message) -> None:
		"""Queues it; the next mode that was asked for spoils it."""
		with self._changed:
			mode = self._modes.popleft() if self._modes else None
			if mode == "lost":
				return
			if mode == "out_of_order":
				self._held.append((message, mode))
				return
			self._queue(message, mode)
			if mode == "duplicate":
				self._queue(message, mode)
			self._release_held()

	def spoil(self, mode: str, times: int) -> None:
		if mode not in MODES:
			raise ControlRefused(f"Unknown mode {mode!r}: one of {', '.join(MODES)}.")
		with self._changed:
			self._modes.extend([mode] * times)

	def pause(self, paused: bool) -> None:
		with self._changed:
			self.paused = paused
			self._changed.notify_all()

	def release(self) -> None:
		"""Sends what still waits for a later message to overtake it."""
		with self._changed:
			self._release_held()

	def pending(self) -> int:
		"""What is queued, held back or being sent."""
		with self._changed:
			return sum(map(len, self._queues.values())) + self._busy + len(self._held)

	def log(self) -> list[dict[str, Any]]:
		with self._changed:
			return [asdict(delivery) for delivery in self._log]

	def close(self) -> None:
		with self._changed:
			self._closed = True
			self._queues.clear()
			self._changed.notify_all()

	def _release_held(self) -> None:
		held, self._held = self._held, []
		for message, mode in held:
			self._queue(message, mode)

	def _queue(self, message: Message, mode: str | None, attempt: int = 1, delay: float = 0) -> None:
		domain = message.shop.domain
		if domain not in self._queues:
			self._queues[domain] = []
			threading.Thread(target=self._run, args=(domain,), daemon=True).start()
		heapq.heappush(
			self._queues[domain], _Due(time.monotonic() + delay, next(self._turn), message, attempt, mode)
		)
		self._changed.notify_all()

	def _run(self, domain: str) -> None:
		session = requests.Session()
		session.trust_env = False
		while due := self._next(domain):
			delivery = deliver(session, due.message, due.attempt, due.mode)
			with self._changed:
				self._log.append(delivery)
				self._after(due, delivery)
				self._busy -= 1

	def _next(self, domain: str) -> _Due | None:
		"""Waits for what is due; None when there is nothing to wait for any more."""
		with self._changed:
			while not self._closed:
				queue = self._queues[domain]
				wait = queue[0].at - time.monotonic() if queue else None
				if wait is not None and wait <= 0 and not self.paused:
					self._busy += 1
					return heapq.heappop(queue)
				self._changed.wait(None if self.paused else wait)
		return None

	def _after(self, due: _Due, delivery: Delivery) -> None:
		if self._closed or (delivery.status and 200 <= delivery.status < 300):
			return
		if due.attempt <= len(self.retries):
			self._queue(due.message, due.mode, due.attempt + 1, self.retries[due.attempt - 1])
		elif due.message.subscription.client_id:
			due.message.shop.subscriptions.remove(due.message.subscription)


def deliver(session: requests.Session, message: Message, attempt: int, mode: str | None) -> Delivery:
	"""Sends it once, without following redirects, and says how it went."""
	headers = message.headers("not the secret" if mode == "wrong_signature" else None)
	started, status, error, answer = time.time(), None, None, ""
	try:
		response = session.post(
			message.subscription.uri,
			data=message.body,
			headers=headers,
			timeout=ANSWER_SECONDS,
			allow_redirects=False,
		)
		status, answer = response.status_code, response.text[:1000]
	except requests.RequestException as problem:
		error = f"{type(problem).__name__}: {problem}"
	return Delivery(
		timestamp=started,
		domain=message.shop.domain,
		topic=message.topic,
		uri=message.subscription.uri,
		webhook_id=message.webhook_id,
		event_id=message.event_id,
		attempt=attempt,
		mode=mode,
		status=status,
		error=error,
		seconds=round(time.time() - started, 4),
		answer=answer,
		body=message.body.decode(),
	)
