"""One rule for the times that MedGrid stores in fields of its own: UTC, and the label says so."""

import json
import re
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[3] / "medgrid"
# Frappe's own times, `creation` and `modified`, are in the site's zone, and so is what is compared with them.
# These modules write or compare nothing else with the site's time.
FRAPPES_OWN = {
	"contact/inbox.py",
	"contact/leads.py",
	"core/bulk.py",
	"exoceuticals/inventory/bins.py",
	"integrations/invitations.py",
	"integrations/shipstation/due/missed.py",
	"integrations/shipstation/order_records.py",
	"outbox/modified.py",
	"patches/v1_0/old_cancellations.py",
}
SITE_NOW = re.compile(r"\bnow_datetime\(|\butils\.now\(|\bget_system_timezone\(|add_to_date\(None")


def own_times():
	for path in sorted((APP / "medgrid/doctype").glob("*/*.json")):
		for field in json.loads(path.read_text()).get("fields", []):
			if field["fieldtype"] == "Datetime":
				yield path.stem, field
	for field in json.loads((APP / "fixtures/custom_field.json").read_text()):
		if field["fieldtype"] == "Datetime":
			yield field["dt"], field


@pytest.mark.parametrize(
	("owner", "field"),
	list(own_times()),
	ids=lambda value: value if isinstance(value, str) else value["fieldname"],
)
def test_the_label_of_a_time_says_that_it_is_in_utc(owner, field):
	assert field["label"].endswith("(UTC)")
	assert "UTC" not in field.get("description", "")


def test_the_sites_time_is_used_for_frappes_own_times_only():
	found = {
		path.relative_to(APP).as_posix() for path in APP.rglob("*.py") if SITE_NOW.search(path.read_text())
	}
	assert found == FRAPPES_OWN | {"core/site_time.py"}
