"""Where a site may keep a trace of a secret: database, Redis, log files. And in which notations."""

import base64
import html
import json
import pickle
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import frappe
import redis


def notations(secret: str) -> set[str]:
	"""A secret as it may be written down; of base64 what does not depend on its neighbours."""
	in_json = json.dumps(secret)[1:-1]
	escaped = "".join(f"\\u{ord(character):04x}" for character in secret)
	found = {secret, repr(secret)[1:-1], in_json, json.dumps(in_json)[1:-1], html.escape(secret)}
	found |= {quote(secret), quote(secret, safe=""), quote_plus(secret), escaped, secret[::-1]}
	found |= {quote(quote(secret, safe=""), safe=""), secret.encode().hex()}
	for shift in range(3):
		coded = base64.b64encode(b"\0" * shift + secret.encode()).decode().rstrip("=")
		found |= {coded[4:-2], coded[4:-2].replace("+", "-").replace("/", "_")}
	return found


def traces(*secrets: str) -> list[str]:
	"""The places at which one of the secrets stands in any notation."""
	wanted = {form for secret in secrets for form in notations(secret)}
	places = (*_database(), *_redis(), *_files())
	return sorted({place for place, text in places for form in wanted if form in text})


def _database() -> Iterator[tuple[str, str]]:
	"""Every table with all of its rows, with what is encrypted."""
	frappe.db.rollback()
	for (table,) in frappe.db.sql("SHOW TABLES"):
		if rows := frappe.db.sql(f"SELECT * FROM `{table}`"):
			yield f"table {table}", "\0".join(" ".join(map(_text, row)) for row in rows)
	frappe.db.rollback()


def _redis() -> Iterator[tuple[str, str]]:
	"""Every key with its value, of the cache and of the queues."""
	for name in ("redis_cache", "redis_queue"):
		server = redis.from_url(frappe.conf.get(name))
		for key, value in _keys_and_values(server):
			yield f"{name} {_text(key)[:80]}", _text(key) + " " + " ".join(map(_text, _parts(value)))


def _keys_and_values(server) -> Iterator[tuple[bytes, Any]]:
	keys = list(server.scan_iter(count=1000))
	with server.pipeline(transaction=False) as asked:
		for key in keys:
			asked.type(key)
		kinds = asked.execute()
		for key, kind in zip(keys, kinds, strict=True):
			_READS[kind](asked, key)
		yield from zip(keys, asked.execute(), strict=True)


# How a key of each type is read whole; one that has expired meanwhile is of the type "none".
_READS: dict[bytes, Callable] = {
	b"none": lambda server, key: server.get(key),
	b"string": lambda server, key: server.get(key),
	b"hash": lambda server, key: server.hgetall(key),
	b"list": lambda server, key: server.lrange(key, 0, -1),
	b"set": lambda server, key: server.smembers(key),
	b"zset": lambda server, key: server.zrange(key, 0, -1),
	b"stream": lambda server, key: server.xrange(key),
}


def _parts(value) -> Iterator[bytes]:
	match value:
		case None:
			return
		case bytes():
			yield value
		case dict():
			for pair in value.items():
				yield from pair
		case _:
			yield from (part if isinstance(part, bytes) else repr(part).encode() for part in value)


def _files() -> Iterator[tuple[str, str]]:
	"""The logs of the bench and of the site, rotated ones too; not those of the simulators, which know
	all."""
	sites = Path(frappe.utils.get_site_path()).resolve().parent
	folders = {sites / "logs", sites.parent / "logs", Path(frappe.utils.get_site_path()).resolve() / "logs"}
	for folder in folders:
		for file in folder.rglob("*"):
			if file.is_file() and "simulator" not in file.name:
				yield f"file {file.name}", file.read_text(errors="replace")


def _text(value) -> str:
	if not isinstance(value, bytes):
		return str(value)
	for unpack in (zlib.decompress, pickle.loads):
		# RQ packs a job's data and the traceback of a failed one; Frappe pickles what it caches.
		try:
			unpacked = unpack(value)
		except Exception:
			continue
		return _text(unpacked) if isinstance(unpacked, bytes) else repr(unpacked)
	return value.decode("utf-8", "replace")
