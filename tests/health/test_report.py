"""`medgrid.health.report`, over HTTP, and what it is based on."""

import json
from datetime import timedelta

import frappe
import pytest

from medgrid.health import facts, judgement, watch
from tests.support.http import message
from tests.support.rows import delete_rows

METHOD = "medgrid.health.report"
KEYS = {"exc_type", "exception", "_server_messages"}


def well() -> dict:
	"""The facts of a site on which all is well."""
	run = {"is_expected": True, "last_succeeded_at": "2026-11-27 01:00:00", "minutes_since": 60}
	return {
		"scheduler": {"enabled": True, "last_job_at": "2026-11-27 01:00:00", "minutes_since_last_job": 4},
		"queues": {name: {"waiting": 1000, "workers": 1} for name in ("short", "default", "long")},
		"runs": {kind: dict(run) for kind in judgement.RUN_LATE},
		"orders": {"oldest_due_minutes": 180, "oldest_unknown_minutes": None},
		"bookings": {"oldest_pending_minutes": 60},
	}


def changed(path: str, value) -> dict:
	found = well()
	*parents, last = path.split(".")
	place = found
	for each in parents:
		place = place[each]
	place[last] = value
	return found


def test_all_is_well(site):
	assert judgement.problems_of(well()) == []


@pytest.mark.parametrize(
	("path", "value", "says"),
	[
		("scheduler.enabled", False, "scheduler of this site is off"),
		("scheduler.minutes_since_last_job", 31, "No scheduled job"),
		("scheduler.minutes_since_last_job", None, "No scheduled job"),
		("queues", None, "Start Redis"),
		("queues.long.workers", 0, "No worker serves the queue long"),
		("queues.short.waiting", 1001, "1001 jobs wait in the queue short"),
		("runs.shipstation.minutes_since", 181, "shipstation is 3 hours old"),
		("runs.reconciliation.minutes_since", 181, "reconciliation is 3 hours old"),
		("runs.shopify.minutes_since", 1621, "shopify is 27 hours old"),
		("runs.catalog.minutes_since", 1621, "catalog is 27 hours old"),
		("runs.inventory.minutes_since", 1621, "inventory is 27 hours old"),
		("orders.oldest_due_minutes", 181, "since 181 minutes"),
		("orders.oldest_unknown_minutes", 181, "not known since 181 minutes"),
		("bookings.oldest_pending_minutes", 61, "booking since 61 minutes"),
	],
)
def test_what_does_not_work_is_named_alone(site, path, value, says):
	problems = judgement.problems_of(changed(path, value))
	assert len(problems) == 1 and says in problems[0]


@pytest.mark.parametrize("path", ["runs.shipstation", "runs.catalog"])
def test_what_is_not_connected_may_be_old(site, path):
	run = {"is_expected": False, "last_succeeded_at": None, "minutes_since": 99999}
	assert judgement.problems_of(changed(path, run)) == []


@pytest.fixture
def failing(site):
	"""An order whose outcome is unknown for a day."""
	record = frappe.get_doc({"doctype": "Exoceuticals Order", "status": "Outcome Unknown"})
	record.claimed_at = facts.stored_utc_now() - timedelta(days=1)
	record.flags.ignore_links = record.flags.ignore_mandatory = True
	record.sales_order = "SAL-HEALTH"
	record.insert(ignore_permissions=True)
	frappe.db.commit()
	yield record
	frappe.db.delete("Exoceuticals Order", {"name": record.name})
	frappe.db.commit()


def test_a_monitor_gets_503_and_whoever_reads_the_report(failing, manager):
	response = manager.get(METHOD)
	body = response.json()
	assert response.status_code == 503
	assert body.keys() == KEYS | {"message"}
	assert int(response.headers["Retry-After"]) > 0
	report = body["message"]
	assert report["status"] == "failing"
	assert report["orders"]["unknown"] >= 1 and report["orders"]["oldest_unknown_minutes"] >= 24 * 60 - 1
	assert any("not known" in problem for problem in report["problems"])
	assert json.loads(body["_server_messages"])[0]["message"] == " ".join(report["problems"])
	assert body["exc_type"] in body["exception"]


def test_the_report_has_all_sides(failing, manager):
	report = manager.get(METHOD).json()["message"]
	assert list(report) == [
		"status",
		"problems",
		"checked_at",
		"scheduler",
		"queues",
		"connections",
		"runs",
		"orders",
		"bookings",
		"open_issues",
	]
	assert set(report["runs"]) == set(judgement.RUN_LATE)
	assert set(report["open_issues"]) == {"Vendor", "Wholesaler", "Administrator", "Nobody"}
	assert {"short", "default", "long"} <= set(report["queues"])


def test_the_status_is_that_of_the_problems(site, manager):
	response = manager.get(METHOD)
	report = response.json()["message"]
	assert (response.status_code == 503) == bool(report["problems"]) == (report["status"] == "failing")


@pytest.fixture
def healthy(site):
	"""Everything has just run, and what earlier tests left waiting for hours is gone."""
	now, long_ago = facts.stored_utc_now(), frappe.utils.add_to_date(frappe.utils.now_datetime(), hours=-1)
	scheduler = frappe.db.get_single_value("System Settings", "enable_scheduler")
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	job = {"method": ("like", "medgrid.%")}
	frappe.db.set_value("Scheduled Job Type", job, "last_execution", frappe.utils.now_datetime())
	for doctype in (facts.VENDORS, facts.STORE, facts.TAX_DOCUMENT):
		# Of an earlier run of the tests, whose site goes on.
		frappe.db.delete(doctype, {"creation": ("<", long_ago)})
		frappe.db.delete(doctype, {"status": ("in", [*facts.UNKNOWN, *facts.UNBOOKED])})
	runs = [
		frappe.get_doc(
			{"doctype": "Sync Run", "kind": kind, "status": "Succeeded", "started": now, "finished": now}
		)
		for kind in judgement.RUN_LATE
	]
	for run in runs:
		run.db_insert()
	frappe.db.commit()
	frappe.clear_cache(doctype="System Settings")
	yield
	frappe.db.rollback()
	for run in runs:
		frappe.db.delete("Sync Run", {"name": run.name})
	frappe.db.set_single_value("System Settings", "enable_scheduler", scheduler)
	frappe.db.commit()
	frappe.clear_cache(doctype="System Settings")


def test_a_monitor_gets_200_when_all_is_well(healthy, manager):
	response = manager.get(METHOD)
	report = response.json()["message"]
	assert (response.status_code, report["status"], report["problems"]) == (200, "ok", [])
	assert response.json().keys() == {"message"}
	assert "Retry-After" not in response.headers


@pytest.mark.parametrize("person", ["customer", "sales_rep", "anonymous"])
def test_only_system_managers_may_read_it(request, person):
	status = 401 if person == "anonymous" else 403
	caller = request.getfixturevalue(person)
	assert caller.get(METHOD).status_code in (status, 403)


def test_the_stores_report_keeps_its_200(failing, manager):
	assert "status" in message(manager.get("medgrid.exoceuticals.health"))


def test_a_wrong_verb_is_refused(manager):
	response = manager.request("DELETE", f"/api/method/{METHOD}")
	assert response.status_code == 405 and response.json().keys() == KEYS


# What is read, with rows of its own; undone after each test.


def add(doctype: str, **values) -> None:
	document = frappe.get_doc({"doctype": doctype, **values})
	document.db_insert()


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_runs_age_does_not_depend_on_the_sites_zone(site, monkeypatch, zone):
	monkeypatch.setattr(frappe.utils, "get_system_timezone", lambda: zone)
	site.db.delete("Sync Run")
	finished = facts.stored_utc_now() - timedelta(minutes=90)
	add("Sync Run", kind="catalog", status="Succeeded", started=finished, finished=finished)
	run = facts.read_facts()["runs"]["catalog"]
	assert run["minutes_since"] in (90, 91)
	assert run["last_succeeded_at"] == f"{finished:%Y-%m-%d %H:%M:%S}"


def test_a_paused_connection_is_counted_as_paused_and_expects_no_runs(site):
	site.db.delete("Vendor Connection")
	own = {"integration": "shipstation", "status": "connected", "account_name": "default"}
	add("Vendor Connection", **own, paused_at=facts.stored_utc_now())
	read = facts.read_facts()
	assert read["connections"] == {"shipstation": {"paused": 1}}
	assert not read["runs"]["shipstation"]["is_expected"]


def test_bookings_are_counted_by_status(site):
	site.db.delete("Vertex Tax Document")
	moment = facts.stored_utc_now() - timedelta(minutes=5)
	add("Vertex Tax Document", status="Committed", committed_at=moment)
	for status in ("Pending", "Sending", "In Doubt", "Failed"):
		add("Vertex Tax Document", status=status)
	assert facts.read_facts()["bookings"] == {
		"pending": 2,
		"oldest_pending_minutes": 0,
		"in_doubt": 1,
		"failed": 1,
		"last_booked_at": f"{moment:%Y-%m-%d %H:%M:%S}",
	}


def due_order(**values) -> None:
	"""An order that a connected vendor could take."""
	values = {"status": "Waiting", "supplier": "MGT Health", "sales_order": "SAL-HEALTH-DUE", **values}
	add("ShipStation Order", **values)


@pytest.fixture
def taker(site):
	site.db.delete("ShipStation Order")
	site.db.delete("Vendor Connection")
	own = {"integration": "shipstation", "status": "connected", "account_name": "default"}
	add("Vendor Connection", **own, supplier="MGT Health")


@pytest.mark.parametrize(
	("attempts", "due_minutes_ago", "oldest"),
	[(0, None, 300), (3, 200, 200), (3, -30, None), (3, None, 240)],
	ids=["never tried", "its next attempt is over", "its next attempt is ahead", "retried by somebody"],
)
def test_an_order_is_due_since_somebody_could_have_taken_it(site, taker, attempts, due_minutes_ago, oldest):
	now = facts.stored_utc_now()
	planned = None if due_minutes_ago is None else now - timedelta(minutes=due_minutes_ago)
	due_order(attempts=attempts, next_attempt_at=planned, since=now - timedelta(minutes=300))
	changed_at = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=-240)
	site.db.set_value(
		"ShipStation Order", {"sales_order": "SAL-HEALTH-DUE"}, "modified", changed_at, update_modified=False
	)
	found = facts.read_facts()["orders"]["oldest_due_minutes"]
	assert found == oldest or (oldest and found == oldest + 1)


def test_runs_are_read_from_an_index(site):
	moment = facts.stored_utc_now()
	add("Sync Run", kind="catalog", status="Succeeded", started=moment, finished=moment)
	for end, condition in (("MAX(finished)", "AND status='Succeeded'"), ("MIN(started)", "")):
		query = f"EXPLAIN SELECT {end} FROM `tabSync Run` WHERE kind='catalog' {condition}"
		[plan] = site.db.sql(query, as_dict=True)
		assert plan.Extra == "Select tables optimized away"


# Mails to administrators about what does not work


@pytest.fixture
def open_issues(site):
	"""The titles of the open issues that the watch opened, and nothing is open before."""

	def titles() -> list[str]:
		frappe.db.rollback()
		filters = {"issue_type": ("like", "site/health%"), "open_key": ("is", "set")}
		return frappe.get_all("Integration Issue", filters=filters, pluck="title", order_by="title asc")

	def forget() -> None:
		frappe.db.rollback()
		delete_rows(("Integration Issue", {"issue_type": ("like", "site/health%")}))

	forget()
	yield titles
	forget()


def watch_with(monkeypatch, found: dict) -> None:
	monkeypatch.setattr(watch, "read_facts", lambda: found)
	watch.check()


def test_what_does_not_work_is_an_issue_until_it_works_again(open_issues, monkeypatch):
	watch_with(monkeypatch, changed("runs.shipstation.minutes_since", 181))
	assert open_issues() == ["Nothing was synced for hours"]
	watch_with(monkeypatch, changed("runs.shipstation.minutes_since", 600))
	assert open_issues() == ["Nothing was synced for hours"]
	watch_with(monkeypatch, well())
	assert open_issues() == []


@pytest.mark.parametrize(
	("path", "value", "title"),
	[
		("queues", None, "The scheduler, a queue or a worker does not work"),
		("orders.oldest_unknown_minutes", 181, "Something waits for hours"),
		("orders.oldest_due_minutes", 181, "Something waits for hours"),
		("runs.reconciliation.minutes_since", 181, "Nothing was synced for hours"),
	],
)
def test_each_kind_of_trouble_is_one_issue_for_administrators(open_issues, monkeypatch, path, value, title):
	watch_with(monkeypatch, changed(path, value))
	assert open_issues() == [title]
	filters = {"issue_type": ("like", "site/health%")}
	row = frappe.db.get_value(
		"Integration Issue", filters, ["who_acts", "detail", "mail_administrators"], as_dict=True
	)
	assert (row.who_acts, row.mail_administrators) == ("Administrator", 1) and row.detail


def test_the_watch_reads_the_facts_of_the_site(open_issues):
	watch.check()
	problems = judgement.by_kind(facts.read_facts())
	assert len(open_issues()) == sum(bool(found) for found in problems.values())
