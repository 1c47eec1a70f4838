"""An update from release 0.1: a site with rows in every state is migrated, and nothing is lost.

The fixture is made by `tools/release_fixture.py`.
"""

import gzip
import json
import os
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

pytestmark = pytest.mark.stand_in

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
SITE, DATABASE = "upgrade.localhost", "medgrid_upgrade_localhost"

# The open orders that release 0.1 had not tried to send yet: the update makes their records.
ORDERS_THAT_ARE_DUE = [("SAL-ORD-2026-00005", "Harbor Wound & Derma", "Waiting", None)]
# What jobs and scheduled jobs of release 0.1 are called by.
FORMER_JOBS = (
	"medgrid.contact.inbox.deliver",
	"medgrid.contact.inbox.deliver_overdue",
	"medgrid.exoceuticals.events.prune",
	"medgrid.exoceuticals.jobs.queue_daily_syncs",
	"medgrid.exoceuticals.jobs.queue_reconciliation",
	"medgrid.exoceuticals.jobs.run_daily_syncs",
	"medgrid.exoceuticals.jobs.run_reconciliation",
	"medgrid.exoceuticals.open_questions.answer",
	"medgrid.exoceuticals.syncing.run_job",
	"medgrid.integrations.jobs.pull_catalogs",
	"medgrid.integrations.jobs.push_and_track",
	"medgrid.integrations.jobs.sync_connection",
	"medgrid.integrations.sendblue.alerts.send_alert",
	"medgrid.integrations.sendblue.inbound.answer_help",
)


class Release:
	"""The database of a site of release 0.1, restored beside the test site's, and its site folder."""

	def __init__(self):
		from sandbox import layout, state
		from sandbox.services import mariadb

		self.port, self.password = state.port(mariadb.NAME), mariadb.root_password()
		self.environment = layout.python_environment(SITE)
		self.python = str(layout.PYTHON)
		folder, twin = layout.site_folder(SITE), layout.site_folder(layout.site_of_this_process())
		(folder / "logs").mkdir(parents=True, exist_ok=True)
		(folder / "assets").mkdir(exist_ok=True)
		(folder / "assets" / "assets.json").write_text("{}")
		key = json.loads((DATA / "release-0.1.0.json").read_text())["encryption_key"]
		as_root = {"db_name": DATABASE, "db_user": "root", "db_password": self.password}
		config = json.loads((twin / "site_config.json").read_text())
		(folder / "site_config.json").write_text(json.dumps({**config, **as_root, "encryption_key": key}))

	def restore(self) -> None:
		self._client(
			f"DROP DATABASE IF EXISTS {DATABASE}; CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4"
			" COLLATE utf8mb4_unicode_ci".encode()
		)
		self._client(gzip.decompress((DATA / "release-0.1.0.sql.gz").read_bytes()), DATABASE)

	def _client(self, statements: bytes, *database: str) -> None:
		command = ["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={self.port}", "--user=root"]
		environment = {**os.environ, "MYSQL_PWD": self.password}
		subprocess.run([*command, *database], input=statements, env=environment, check=True)

	def migrate(self) -> None:
		done = subprocess.run(
			[self.python, "-m", "sandbox.runtime.site", "migrate"],
			cwd=ROOT,
			env=self.environment,
			capture_output=True,
			text=True,
		)
		assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

	def rows(self, query: str) -> list[tuple]:
		import MySQLdb

		connection = MySQLdb.connect(
			host="127.0.0.1", port=self.port, user="root", password=self.password, database=DATABASE
		)
		try:
			cursor = connection.cursor()
			cursor.execute(query)
			return list(cursor.fetchall())
		finally:
			connection.close()

	def counts(self, *tables: str) -> dict[str, int]:
		return {table: self.rows(f"SELECT COUNT(*) FROM `{table}`")[0][0] for table in tables}

	def drop(self) -> None:
		self._client(f"DROP DATABASE IF EXISTS {DATABASE}".encode())


KEPT = (
	"tabVendor Connection",
	"tabShipStation Order",
	"tabShipStation Shipment",
	"tabVendor Product",
	"tabIntegration Event",
	"tabContact Message",
	"tabExoceuticals Unmatched Variant",
	"tabText Message Opt Out",
	"tabSales Order",
	"tabNotification Log",
	"__Auth",
)
ORDERS = (
	"SELECT sales_order, supplier, status, shipstation_order_id FROM `tabShipStation Order` ORDER BY name"
)


@pytest.fixture(scope="module")
def before_and_after(environment):
	"""What the release's site held, and the site after it was migrated."""
	release = Release()
	release.restore()
	before = {
		"counts": release.counts(*KEPT),
		"orders": release.rows(ORDERS),
		"runs": release.rows("SELECT name, kind, status FROM `tabExoceuticals Sync Run` ORDER BY name"),
		"sent": release.rows(
			"SELECT name, exoceuticals_order_id FROM `tabSales Order` WHERE exoceuticals_order_id != ''"
		),
		"claims": release.rows(
			"SELECT name, exoceuticals_claim FROM `tabSales Order` WHERE exoceuticals_claim != ''"
		),
		"told": release.rows("SELECT name FROM `tabVendor Connection` WHERE incident_told = 1"),
	}
	release.migrate()
	yield before, release
	release.drop()


def test_the_fixture_has_rows_in_every_state(before_and_after):
	before, _release = before_and_after
	empty = {table for table, count in before["counts"].items() if not count}
	assert empty == {"tabNotification Log"}, "nobody has been notified; the update must not begin it"
	assert {status for _order, _supplier, status, _id in before["orders"]} == {
		"Claimed",
		"Pushed",
		"Shipped",
		"Cancelled",
	}
	assert {status for _name, _kind, status in before["runs"]} >= {"Running", "Failed", "Interrupted"}
	assert {claim.partition(":")[0] for _name, claim in before["claims"]} == {"running", "doubtful"}
	assert before["sent"]
	assert before["told"]


def test_no_record_is_lost_and_nobody_is_notified_anew(before_and_after):
	before, release = before_and_after
	due = len(ORDERS_THAT_ARE_DUE)
	added = {"tabShipStation Order": before["counts"]["tabShipStation Order"] + due}
	assert release.counts(*KEPT) == {**before["counts"], **added}


def test_orders_at_shipstation_have_the_states_of_the_outbox(before_and_after):
	before, release = before_and_after
	states = {"Claimed": "Sending", "Pushed": "Sent"}
	expected = [
		(order, supplier, states.get(status, status), order_id)
		for order, supplier, status, order_id in before["orders"]
	]
	assert sorted(release.rows(ORDERS)) == sorted([*expected, *ORDERS_THAT_ARE_DUE])
	[(reason, who)] = set(
		release.rows(
			"SELECT reason, who_acts FROM `tabShipStation Order`"
			" WHERE status = 'Cancelled' AND shipstation_order_id = '90000099'"
		)
	)
	assert "cancel order 90000099 in ShipStation" in reason
	assert who == "Vendor"


def test_every_order_of_the_store_has_its_record(before_and_after):
	before, release = before_and_after
	found = release.rows("SELECT sales_order, status, order_id, claim FROM `tabExoceuticals Order`")
	records = {order: (status, order_id, claim) for order, status, order_id, claim in found}
	for order, order_id in before["sent"]:
		assert records[order][:2] == ("Sent", order_id)
	states = {"running": "Sending", "doubtful": "Outcome Unknown"}
	for order, claim in before["claims"]:
		kind, _colon, token = claim.partition(":")
		assert records[order] == (states[kind], None, token)
	assert len(records) == len({*dict(before["sent"]), *dict(before["claims"])})
	hidden = "SELECT name FROM `tabCustom Field` WHERE fieldname LIKE 'exoceuticals_claim%'"
	assert release.rows(hidden) == []


def test_runs_are_runs_of_the_renamed_doctype(before_and_after):
	before, release = before_and_after
	assert release.rows("SELECT name, kind, status FROM `tabSync Run` ORDER BY name") == before["runs"]
	assert release.rows("SELECT name FROM `tabDocType` WHERE name = 'Exoceuticals Sync Run'") == []
	assert release.rows("SHOW TABLES LIKE 'tabExoceuticals Sync Run'") == []


def test_what_was_failing_is_an_open_issue_that_was_notified(before_and_after):
	before, release = before_and_after
	issues = release.rows(
		"SELECT reference_name, notified_at IS NOT NULL FROM `tabIntegration Issue`"
		" WHERE reference_doctype = 'Vendor Connection' AND settled_at IS NULL"
	)
	assert sorted(issues) == sorted((name, 1) for (name,) in before["told"])


def test_new_settings_have_their_defaults(before_and_after):
	_before, release = before_and_after
	stored = dict(release.rows("SELECT field, value FROM `tabSingles` WHERE doctype = 'Medgrid Settings'"))
	assert (stored["issue_days"], stored["event_days"]) == ("90", "90")


def test_a_site_of_the_former_release_stands_behind_one_proxy_as_it_assumed(before_and_after):
	_before, release = before_and_after
	stored = release.rows(
		"SELECT value FROM `tabSingles` WHERE doctype = 'Medgrid Settings' AND field = 'trusted_proxies'"
	)
	assert stored == [("1",)]


def test_migrating_again_changes_nothing(before_and_after):
	_before, release = before_and_after
	tables = ("tabSync Run", "tabExoceuticals Order", "tabShipStation Order", "tabIntegration Issue")
	known = release.counts(*tables), release.rows(ORDERS)
	release.rows("DELETE FROM `tabPatch Log` WHERE patch LIKE 'medgrid.%'")
	release.migrate()
	assert (release.counts(*tables), release.rows(ORDERS)) == known


@pytest.mark.parametrize("name", FORMER_JOBS)
def test_jobs_of_the_release_find_their_functions(site, name):
	module, _dot, function = name.rpartition(".")
	assert callable(getattr(import_module(module), function))
