"""What all tests of patches need."""

import pytest

from tests.support.waiting import wait_for_jobs


@pytest.fixture(autouse=True)
def quiet_site(site):
	"""The jobs of earlier tests are done: a patch writes whole tables, and no worker runs beside it."""
	from medgrid.core.jobs import sync_queue

	site.db.rollback()
	for queue in ("short", sync_queue()):
		wait_for_jobs(queue)
