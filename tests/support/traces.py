"""Where a site may keep a trace of a secret: database, Redis, log files. And in which notations."""

import base64
import html
import json
import pickle
import zlib
from collections.abc import Iterator
from pathlib import Path
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
	"""Every row of every table, with what is encrypted."""
	frappe.db.rollback()
	for (table,) in frappe.db.sql("SHOW TABLES"):
		for row in frappe.db.sql(f"SELECT * FROM `{table}`", as_list=True):
			yield f"table {table}", " ".join(map(_text, row))
	frappe.db.rollback()


def _redis() -> Iterator[tuple[str, str]]:
	"""Every key with its value, of the cache and of the queues."""
	for name in ("redis_cache", "redis_queue"):
		server = redis.from_url(frappe.conf.get(name))
		for key in server.scan_iter(count=1000):
			yield f"{name} {_text(key)[:80]}", _text(key) + " " + " ".join(map(_text, _values(server, key)))


def _values(server, key: bytes) -> Iterator[bytes]:
	match server.type(key):
		case b"string":
			yield server.get(key) or b""
		case b"hash":
			for field, value in server.hgetall(key).items():
				yield from (field, value)
		case b"list":
			yield from server.lrange(key, 0, -1)
		case b"set":
			yield from server.smembers(key)
		case b"zset":
			yield from server.zrange(key, 0, -1)
		case b"stream":
			yield from (repr(entry).encode() for entry in server.xrange(key))


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
