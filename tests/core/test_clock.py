from datetime import datetime

import pytest

from medgrid.core.clock import to_utc, utc_text


@pytest.mark.parametrize(
	("local", "zone", "utc"),
	[
		("2026-06-18 10:30:00", "UTC", "2026-06-18 10:30:00"),
		("2026-06-18 10:30:00", "America/New_York", "2026-06-18 14:30:00"),
		("2026-12-18 10:30:00", "America/New_York", "2026-12-18 15:30:00"),
		("2026-06-18 01:30:00", "Asia/Kolkata", "2026-06-17 20:00:00"),
	],
)
def test_a_local_time_becomes_utc(local, zone, utc):
	assert to_utc(datetime.fromisoformat(local), zone).strftime("%Y-%m-%d %H:%M:%S") == utc


def test_a_stored_time_goes_out_in_utc_without_fractions(site):
	site.db.set_single_value("System Settings", "time_zone", "America/New_York")
	site.clear_document_cache("System Settings")
	try:
		assert utc_text("2026-06-18 10:30:00.123456") == "2026-06-18 14:30:00"
		assert utc_text(None) is None
	finally:
		site.db.rollback()
		site.clear_document_cache("System Settings")
