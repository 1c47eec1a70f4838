"""Work in chunks. Contract: "External System Rate Limits" ("Sync jobs process in chunks of 100 items")."""

from collections.abc import Iterator, Sequence

CHUNK = 100


def chunks(values: Sequence) -> Iterator[Sequence]:
	"""A sequence in parts of CHUNK."""
	return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
