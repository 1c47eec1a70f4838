from datetime import datetime, timezone

import pytest

from medgrid.core.site_time import from_site_time, site_time, utc_text


@pytest.fixture
def zone(site):
	"""`zone(name)`: the site's time zone, until the end of the test."""

	def set_zone(name: str) -> None:
		site.db.set_single_value("System Settings", "time_zone", name)
		site.clear_document_cache("System Settings")
		# Frappe keeps the settings for a whole request, and 16 in the process until Redis says they changed.
		site.local.system_settings = site.get_doc("System Settings")

	yield set_zone
	site.db.rollback()
	site.clear_document_cache("System Settings")
	site.local.system_settings = None


@pytest.mark.parametrize(
	("local", "name", "utc"),
	[
		("2026-06-18 10:30:00", "UTC", "2026-06-18 10:30:00"),
		("2026-06-18 10:30:00", "America/New_York", "2026-06-18 14:30:00"),
		("2026-12-18 10:30:00", "America/New_York", "2026-12-18 15:30:00"),
		("2026-06-18 01:30:00", "Asia/Kolkata", "2026-06-17 20:00:00"),
	],
)
def test_a_time_of_the_site_is_a_moment_in_utc_and_back(zone, local, name, utc):
	zone(name)
	moment = datetime.fromisoformat(utc).replace(tzinfo=timezone.utc)
	assert from_site_time(local) == moment
	assert site_time(moment) == datetime.fromisoformat(local)


def test_a_stored_time_goes_out_in_utc_without_fractions(zone):
	zone("America/New_York")
	assert utc_text("2026-06-18 10:30:00.123456") == "2026-06-18 14:30:00"
	assert utc_text(None) is None
