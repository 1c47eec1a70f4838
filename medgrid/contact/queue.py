"""The table of Contact Messages as a queue. Guests can add rows, so the table has a maximum length.

Messages that wait for their job and messages that are held for an administrator are counted separately: a
flood of held messages does not close the form for the visitors of the next hour.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import frappe
from frappe import _
from redis.exceptions import RedisError

from medgrid.core.clock import utc_now
from medgrid.core.redis_keys import redis_key
from medgrid.core.site_time import site_time
from medgrid.core.waiting.locks import redis_lock
from medgrid.exceptions import Busy

DOCTYPE = "Contact Message"
# So many messages wait for their job at most, and as many are held.
MAX_WAITING = 5000
# The last places are taken by one request at a time. They are more than the threads of a web server.
LAST_PLACES = 200
# How long the lock of a request that died blocks the last places.
LOCK_SECONDS = 10
SLOT_SECONDS = 1
# By then workers have delivered some, or an administrator has read the issue.
FULL_SECONDS = 300


def count(*, held: bool) -> int:
	"""How many messages wait for their job, or are held."""
	return frappe.db.count(DOCTYPE, {"held": int(held)})


def count_since(seconds: int) -> int:
	"""How many of the messages that wait, or are held, came within so many seconds."""
	since = site_time(utc_now() - timedelta(seconds=seconds))
	return frappe.db.count(DOCTYPE, {"creation": (">=", since)})


def check_room(*, held: bool, more: int = 1) -> None:
	"""
	:param more: the number of messages that are to come in.
	:raises Busy: there is no room for them (503).
	"""
	if count(held=held) + more > MAX_WAITING:
		raise Busy(
			_("Too many messages are waiting to be read. Try again in some minutes."),
			retry_after=FULL_SECONDS,
		)


@contextmanager
def place(*, held: bool) -> Iterator[None]:
	"""Lets one request at a time through while there are few places left: between counting and committing,
	others would take the same place.

	:raises Busy: others are taking places right now (503).
	"""
	if count(held=held) < MAX_WAITING - LAST_PLACES:
		yield
		return
	key = redis_key("contact", frappe.conf.db_name, "place")
	try:
		with redis_lock(frappe.cache, key, seconds=LOCK_SECONDS, wait_seconds=SLOT_SECONDS) as acquired:
			if not acquired:
				raise _too_many_now()
			yield
	except RedisError:
		# Nobody can say who is next.
		raise _too_many_now() from None


def _too_many_now() -> Busy:
	return Busy(_("Too many messages come in at this moment. Try again in a few seconds."))
