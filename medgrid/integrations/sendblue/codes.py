"""The 6-digit codes that verify a phone. Redis holds each code for ten minutes, as an HMAC, with its number.

A user has one code at a time and five tries. A try is counted before the code is compared, so two tries at
the same moment count as two.
"""

import secrets
from dataclasses import dataclass

import frappe
from pydantic import SecretStr

from medgrid.core.redis_keys import redis_key
from medgrid.core.secrets import fingerprint, note_secret

LIFE_SECONDS = 600
TRIES = 5

# ARGV: digest, phone, life in seconds.
_STORE = """
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'digest', ARGV[1], 'phone', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

# ARGV: digest, tries. Returns the phone if the code is right, else the number of tries left; -1: there is no
# code.
_VERIFY = """
local kept = redis.call('HMGET', KEYS[1], 'digest', 'phone')
if not kept[1] then
	return -1
end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
if kept[1] == ARGV[1] or tries >= tonumber(ARGV[2]) then
	redis.call('DEL', KEYS[1])
end
if kept[1] == ARGV[1] then
	return kept[2]
end
return tonumber(ARGV[2]) - tries
"""

# ARGV: digest.
_DELETE = """
if redis.call('HGET', KEYS[1], 'digest') == ARGV[1] then
	redis.call('DEL', KEYS[1])
end
return 0
"""


@dataclass(frozen=True)
class CodeVerification:
	"""The result of a try.

	:param phone: the verified number; None: the code was wrong.
	:param tries_left: the number of tries left for this code; None: there was no code.
	"""

	phone: str | None = None
	tries_left: int | None = None


def issue(user: str, phone: str) -> SecretStr:
	"""Creates and stores a code for a number; the user's earlier code becomes invalid."""
	code = SecretStr(f"{secrets.randbelow(10**6):06d}")
	note_secret(code.get_secret_value())
	frappe.cache.eval(_STORE, 1, _key(user), _digest(user, code), phone, LIFE_SECONDS)
	return code


def verify(user: str, code: SecretStr) -> CodeVerification:
	"""Compares a code with the user's stored one. The stored code is deleted after a match or the last
	try."""
	answer = frappe.cache.eval(_VERIFY, 1, _key(user), _digest(user, code), TRIES)
	if isinstance(answer, int):
		return CodeVerification(tries_left=None if answer < 0 else answer)
	return CodeVerification(phone=answer.decode())


def forget(user: str, code: SecretStr) -> None:
	"""Deletes this code; a code that was issued later stays valid."""
	frappe.cache.eval(_DELETE, 1, _key(user), _digest(user, code))


def _digest(user: str, code: SecretStr) -> str:
	return fingerprint(f"sendblue:{user}", code.get_secret_value())


def _key(user: str) -> str:
	return redis_key("sendblue", "code", frappe.conf.db_name, hashed=user)
