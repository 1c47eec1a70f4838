"""The keys under which MedGrid keeps something in Redis. Pure.

A key begins with `medgrid:` and its subject. What belongs to one site has the site's name in it (several
sites may share one Redis); what is another system's limit has not: that limit does not know sites. Whom
something is about is there only as a hash.
"""

from hashlib import sha256


def redis_key(*parts: str, hashed: str | None = None, digits: int = 32) -> str:
	"""
	:param parts: subject and scope, e.g. "limit", the site's database, "contact form".
	:param hashed: whom or what it is about: an address, a user, a key.
	:param digits: how much of the hash.
	"""
	names = ["medgrid", *parts]
	if hashed is not None:
		names.append(sha256(hashed.encode()).hexdigest()[:digits])
	return ":".join(names)
