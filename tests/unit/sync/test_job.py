"""The key of a sync, and which runs are its own."""

from medgrid.sync.job import Job


def test_a_connections_sync_is_apart_from_those_of_others_and_of_the_store():
	jobs = [Job("shipstation", "one"), Job("shipstation", "two"), Job("shopify", "one"), Job("catalog")]
	assert [job.key for job in jobs] == ["shipstation:one", "shipstation:two", "shopify:one", "catalog"]
	assert len({str(job.filters) for job in jobs}) == len(jobs)


def test_the_stores_runs_are_those_without_a_connection():
	assert Job("catalog").filters == {"kind": "catalog", "connection": ("is", "not set")}
	assert Job("shopify", "one").filters == {"kind": "shopify", "connection": "one"}
