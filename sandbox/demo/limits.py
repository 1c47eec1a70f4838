"""The demo may run as often as one likes: what its last run has used up of MedGrid's limits, and of the
tokens that Vertex issues to a client, is forgotten."""

from redis import Redis


def lift(facts: dict) -> None:
	redis = Redis.from_url(facts["redis"]["redis_cache"])
	for pattern in ("medgrid:limit:*", "medgrid:vertex:*:tokens", "medgrid:vertex:*:tokens:closed"):
		if keys := list(redis.scan_iter(pattern)):
			redis.delete(*keys)
