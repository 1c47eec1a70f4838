"""The web requests that call other systems: their number, their time, their slots.

Each occupies a thread of the web server until the other system has answered. So half of the threads at most
may be occupied so, those that wait for their slot included. Of the vendors' and the store's requests one user
has one slot at a time. The tax connector's, and those that save a document, need room only, and wait for
nothing. Jobs are bounded by their workers and need neither.

A slot or a room is a lease in Redis, held to the end of the request. If its process dies, the lease expires.
See docs/adr/0030-no-web-thread-waits.md.
"""

import secrets
from collections.abc import Callable
from typing import Any, TypedDict

import frappe
from frappe import _

from medgrid.core.faults.borders import hook
from medgrid.core.redis_keys import redis_key
from medgrid.core.transactions import renew_view
from medgrid.core.waiting import request_time
from medgrid.core.waiting.patience import Patience
from medgrid.exceptions import Occupied, TooManyRequests
from medgrid.http_client.exchanges import Observer
from medgrid.services.exchange_log import log_exchange

# The web server's threads, unless `medgrid_web_threads` in site_config.json says otherwise.
DEFAULT_THREADS = 8
# A user's next request waits so long for its slot.
SLOT_SECONDS = 5
POLL_SECONDS = 0.2
# Longer than a request takes.
LEASE_SECONDS = request_time.ANSWER_SECONDS + 10
# When a caller who got no slot should try again.
RETRY_SECONDS = 5

FULL, TOO_MANY, WAITS, HAS_SLOT = -1, -2, 0, 1

# KEYS: the requests of all, those of them that wait for their slot, those of the user. ARGV: the request, how
# many there may be, lease in ms, and 1 if it asks for the first time.
# A user's requests are in the order of their arrival; the first one has its slot. If there is no more room,
# the first request of another user takes the place of one that waits, so one user cannot keep others out.
_ASK = """
local time = redis.call('TIME')
-- In microseconds: two of one millisecond would both be the first.
local now = time[1] * 1000000 + time[2]
for _, key in ipairs(KEYS) do
	redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
end
if ARGV[4] == '1' then
	local is_first = redis.call('ZCARD', KEYS[3]) == 0
	if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
		local last = is_first and redis.call('ZRANGE', KEYS[2], -1, -1)[1]
		if not last then
			return is_first and -1 or -2
		end
		redis.call('ZREM', KEYS[1], last)
		redis.call('ZREM', KEYS[2], last)
	end
	for number, key in ipairs(KEYS) do
		if number ~= 2 or not is_first then
			redis.call('ZADD', key, now + ARGV[3] * 1000, ARGV[1])
			redis.call('PEXPIRE', key, ARGV[3])
		end
	end
elseif not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
	return -2
end
if redis.call('ZRANGE', KEYS[3], 0, 0)[1] ~= ARGV[1] then
	return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
"""

# KEYS: the requests of all. ARGV: the request, lease in ms.
_EXTEND = """
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1] * 1000000 + time[2] + ARGV[2] * 1000, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""


class ClientOptions(TypedDict):
	"""The options of a client (`http_client.service_client.ServiceClient`) that depend on who waits for
	it."""

	deadline: float
	heartbeat: Callable[[], None]
	patience: Patience
	observer: Observer


def client_options(deadline: float, heartbeat: Callable[[], None] = lambda: None) -> ClientOptions:
	"""The options of the vendors' and the store's clients. In a web request it takes the request's slot.

	:param deadline: the value of `time.monotonic()` after which nothing is waited for; in a web request it
		may be earlier.
	:param heartbeat: called before each request and each wait; may raise.
	:raises TooManyRequests: see `take_slot`.
	:raises Occupied: see `take_slot`.
	"""
	take_slot()
	return _options(min(deadline, request_time.exchange_deadline()), heartbeat, log_exchange)


def options_with_room(
	deadline: float, heartbeat: Callable[[], None] = lambda: None, observer: Observer = log_exchange
) -> ClientOptions:
	"""The options of a client of the tax connector's: in a web request it takes room. A request may save many
	documents, one after another, so the deadline stays as it is.

	:param deadline: see `client_options`.
	:param heartbeat: see `client_options`.
	:param observer: receives one record for each exchange.
	:raises Occupied: see `take_room`.
	"""
	take_room()
	return _options(deadline, heartbeat, observer)


def _options(deadline: float, heartbeat: Callable[[], None], observer: Observer) -> ClientOptions:
	return ClientOptions(
		deadline=deadline, heartbeat=heartbeat, patience=request_time.patience(), observer=observer
	)


def take_slot(meanwhile: Callable[[], None] = lambda: None, *, known_within: float = 0) -> None:
	"""Takes the current web request's slot to call other systems, and holds it to the request's end. Does
	nothing in a job, and if the request has its slot already.

	:param meanwhile: called again and again while the request has no slot, in a new transaction unless the
		request has written something; may raise what is to be answered first, e.g. that another request does
		the same already.
	:param known_within: the seconds after which `meanwhile` knows; a request that finds no room among its
		user's requests is refused only then.
	:raises TooManyRequests: other requests of this user call other systems (429).
	:raises Occupied: as many web requests as may do so call other systems (503).
	"""
	held = _held()
	if not request_time.in_request() or (held and held.user):
		return
	if held:
		# It would count twice.
		_end_held()
	slot = _Slot(frappe.session.user)
	try:
		_wait_for(slot, meanwhile, known_within)
	except BaseException:
		slot.end()
		raise
	frappe.local.medgrid_slot = slot


def take_room() -> None:
	"""Counts the current web request among those that call other systems, to the request's end. Does nothing
	in a job.

	Waits for nothing and touches no database, so a transaction that has written something goes on. The other
	requests of the user do not matter.

	:raises Occupied: as many web requests as may do so call other systems (503).
	"""
	if not request_time.in_request():
		return
	if held := _held():
		held.extend_room()
		return
	room = _Slot(None)
	if room.ask() != HAS_SLOT:
		raise _full()
	frappe.local.medgrid_slot = room


@hook
def begin_request() -> None:
	"""Starts the clock of a web request. A `before_request` hook."""
	request_time.begin()


@hook
def end_slot(response: Any = None, request: Any = None) -> None:
	"""Frees the slot of the current web request, if it has one. The `after_request` hook."""
	_end_held()


def _end_held() -> None:
	held, frappe.local.medgrid_slot = _held(), None
	if held:
		held.end()


def _held() -> "_Slot | None":
	return getattr(frappe.local, "medgrid_slot", None)


class _Slot:
	"""
	:param user: whose request it is. Guests share no slot: who they are is not known. None: only room is
		needed, whoever asks.
	"""

	def __init__(self, user: str | None):
		self.user = user
		self.token = secrets.token_hex(8)
		site = f"{{{frappe.conf.db_name}}}"
		who = self.token if user in (None, "Guest") else user
		# The braces keep both on one node of a cluster.
		self.keys = (
			redis_key("outgoing", site, "all"),
			redis_key("outgoing", site, "waiting"),
			redis_key("outgoing", site, "user", hashed=who),
		)
		self.asked = 0

	def ask(self) -> int:
		"""Returns FULL, TOO_MANY, WAITS or HAS_SLOT."""
		self.asked += 1
		arguments = (self.token, most_at_a_time(), LEASE_SECONDS * 1000, self.asked)
		return frappe.cache.eval(_ASK, len(self.keys), *self.keys, *arguments)

	def extend_room(self) -> None:
		"""Begins the lease of a room anew, because a request may save many documents, one after another. A
		user's slot stays as it is: the next one's place depends on it."""
		if self.user is None:
			frappe.cache.eval(_EXTEND, 1, self.keys[0], self.token, LEASE_SECONDS * 1000)

	def end(self) -> None:
		for key in self.keys:
			frappe.cache.zrem(key, self.token)


def most_at_a_time() -> int:
	"""How many web requests may call other systems at a time: half of the web server's threads."""
	threads = frappe.utils.cint(frappe.conf.get("medgrid_web_threads")) or DEFAULT_THREADS
	return max(1, threads // 2)


def _wait_for(slot: _Slot, meanwhile: Callable[[], None], known_within: float) -> None:
	patience = request_time.patience()
	began = patience.waited
	while (state := slot.ask()) != HAS_SLOT:
		renew_view()
		meanwhile()
		if state == FULL:
			raise _full()
		most = SLOT_SECONDS if state == WAITS else known_within
		if patience.waited - began >= most or not patience.permits(POLL_SECONDS):
			raise _too_many()
		if state == TOO_MANY:
			slot.asked = 0
		patience.sleep(POLL_SECONDS)


def _full() -> Occupied:
	sentence = _("MedGrid is waiting for other systems in many requests. Try again in {0} seconds.")
	return Occupied(sentence.format(RETRY_SECONDS), retry_after=RETRY_SECONDS)


def _too_many() -> TooManyRequests:
	sentence = _("Another request of yours is not finished yet. Try again in {0} seconds.")
	return TooManyRequests(sentence.format(RETRY_SECONDS), retry_after=RETRY_SECONDS)
