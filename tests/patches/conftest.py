"""What all tests of patches need."""

import pytest

from tests.support.waiting import wait_for_jobs


@pytest.fixture(autouse=True)
def quiet_site(site):
	"""The jobs of earlier tests are done: a patch writes whole tables, and no worker runs beside it."""
	site.db.rollback()
	wait_for_jobs()
