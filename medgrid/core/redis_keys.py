"""The keys of MedGrid's values in Redis. Pure.

A key begins with `medgrid:` and its subject. The key of a site's own value contains the site's name or
database, since several sites may share one Redis. The key of another system's limit does not: that limit is
the same for all sites. Addresses, users and credentials are in keys only as hashes.
"""

from hashlib import sha256
from typing import Any


def redis_key(*parts: str, hashed: str | None = None, digits: int = 32) -> str:
	"""Builds a key.

	:param parts: subject and scope, e.g. "limit", the site's database, "contact form".
	:param hashed: the address, user or credential that the value belongs to; only its hash is in the key.
	:param digits: the number of hexadecimal digits of the hash.
	"""
	names = ["medgrid", *parts]
	if hashed is not None:
		names.append(sha256(hashed.encode()).hexdigest()[:digits])
	return ":".join(names)


def delete_keys(redis: Any, *scopes: str) -> None:
	"""Deletes the values of one site: those whose key names it. The values of limits that all sites share
	expire.

	:param redis: a connection.
	:param scopes: the names by which keys name the site.
	"""
	for scope in scopes:
		for pattern in (f"medgrid:*:{scope}", f"medgrid:*:{scope}:*"):
			for key in redis.scan_iter(match=pattern, count=1000):
				redis.delete(key)
