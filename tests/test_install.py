"""Installing adds the indexes that MedGrid needs; uninstalling takes them away."""

from datetime import timedelta
from pathlib import Path

import click
import pytest
from frappe.utils import now_datetime

from medgrid import install
from tests.support import records

NAMES = {
	*("medgrid_name", "medgrid_place", "medgrid_stock", "medgrid_price"),
	*("medgrid_checked", "medgrid_unshipped", "medgrid_shipped", "medgrid_amended"),
}


ZONE = "America/Mexico_City"


@pytest.fixture
def zoned_site(site):
	"""The site in another time zone than UTC, until the test ends."""
	before = site.get_system_settings("time_zone"), site.db.get_default("time_zone")
	site.db.set_single_value("System Settings", "time_zone", ZONE)
	site.db.set_default("time_zone", ZONE)
	yield site
	site.db.rollback()
	site.clear_document_cache("System Settings", "System Settings")
	site.clear_cache()
	assert (site.get_system_settings("time_zone"), site.db.get_default("time_zone")) == before


def time_zones(site):
	return site.db.get_single_value("System Settings", "time_zone", cache=False), site.db.get_default(
		"time_zone"
	)


def test_installing_leaves_the_time_zone_of_a_site_that_has_a_company(zoned_site, capsys):
	records.company()
	install.set_time_zone()
	assert time_zones(zoned_site) == (ZONE, ZONE)
	assert capsys.readouterr().out == ""


def test_installing_sets_the_time_zone_of_a_site_without_a_company_and_says_so(zoned_site, capsys):
	zoned_site.db.delete("Company")
	install.set_time_zone()
	assert time_zones(zoned_site) == ("UTC", "UTC")
	assert "UTC" in capsys.readouterr().out


JOB = "medgrid.integrations.jobs.dispatch"
LATER = timedelta(hours=1)


def run_in_the_east(site, field):
	"""The scheduler has made or run its jobs at a time that the site's zone reaches in ten hours only."""
	ahead = now_datetime() + timedelta(hours=10)
	values = {"last_execution": None, field: ahead}
	site.db.set_value("Scheduled Job Type", {"method": JOB}, values, update_modified=False)
	assert not is_due(site)


def is_due(site):
	return site.get_doc("Scheduled Job Type", {"method": JOB}).is_event_due(now_datetime() + LATER)


@pytest.mark.parametrize("field", ["creation", "last_execution"])
def test_the_jobs_of_a_site_that_moves_to_the_west_go_on(zoned_site, field):
	run_in_the_east(zoned_site, field)
	settings = zoned_site.get_doc("System Settings")
	settings.time_zone = "America/Los_Angeles"
	settings.flags.ignore_mandatory = True
	settings.save()
	assert is_due(zoned_site)


def test_the_jobs_of_a_new_site_do_not_wait_for_the_zone_that_it_had(zoned_site):
	run_in_the_east(zoned_site, "creation")
	zoned_site.db.delete("Company")
	install.set_time_zone()
	zoned_site.clear_cache()
	assert is_due(zoned_site)


def test_a_change_of_another_setting_leaves_the_jobs(zoned_site):
	run_in_the_east(zoned_site, "creation")
	settings = zoned_site.get_doc("System Settings")
	settings.float_precision = "5"
	settings.flags.ignore_mandatory = True
	settings.save()
	assert not is_due(zoned_site)


@pytest.fixture
def indexes_restored(site):
	yield
	install.add_indexes()


def existing(site):
	return {name for doctype, name, _columns in install.INDEXES if site.db.has_index(f"tab{doctype}", name)}


def test_an_installed_site_has_the_indexes(site):
	assert existing(site) == NAMES


def test_uninstalling_removes_the_indexes_and_installing_again_is_idempotent(site, indexes_restored):
	install.drop_indexes()
	assert existing(site) == set()
	install.drop_indexes()
	install.after_sync()
	install.after_migrate()
	assert existing(site) == NAMES


@click.command()
@click.option("--dry-run", is_flag=True)
def uninstall_app(dry_run: bool) -> None:
	"""As `bench uninstall-app` does."""
	from frappe.installer import remove_app

	remove_app("medgrid", dry_run=dry_run, yes=True, no_backup=True)


def test_a_dry_run_of_uninstalling_removes_nothing_and_says_what_is_on_its_way(site, capsys):
	record = {"doctype": "ShipStation Order", "name": "MGT-DRY-RUN", "status": "Waiting"}
	site.get_doc({**record, "sales_order": "SO-MGT-DRY-RUN", "supplier": "MGT Dry Run"}).db_insert()
	site.get_doc("Medgrid Settings").save()
	kinds = ("DocType", "Custom Field", "Role", "User", "Scheduled Job Type", "Patch Log", "Report")
	before = [site.db.count(kind) for kind in kinds]
	files = set(Path(site.get_site_path("private", "files")).glob("medgrid-records-*"))
	uninstall_app.main(["--dry-run"], standalone_mode=False)
	assert [site.db.count(kind) for kind in kinds] == before
	assert existing(site) == NAMES
	assert site.db.get_singles_dict("Medgrid Settings")
	assert "medgrid" in site.get_installed_apps()
	assert set(Path(site.get_site_path("private", "files")).glob("medgrid-records-*")) == files
	assert "documents (ShipStation Order) are not sent" in capsys.readouterr().out


def test_uninstalling_forgets_the_settings(site):
	site.get_doc("Medgrid Settings").save()
	assert site.db.get_singles_dict("Medgrid Settings")
	install.forget_settings()
	assert not site.db.get_singles_dict("Medgrid Settings")


def test_uninstalling_forgets_the_copies_of_settings_among_the_sites_defaults(site):
	for name in ("exoceuticals_order_tag", "mgt_not_ours"):
		site.db.set_default(name, "MGT")
	install.forget_settings()
	assert site.db.get_default("exoceuticals_order_tag") is None
	assert site.db.get_default("mgt_not_ours") == "MGT"


def test_uninstalling_leaves_no_job_to_the_scheduler_but_those_of_others(site):
	def jobs(operator):
		return site.get_all("Scheduled Job Type", filters={"method": (operator, "medgrid.%")}, pluck="name")

	ours, others = jobs("like"), jobs("not like")
	assert ours and others
	site.get_doc(
		{"doctype": "Scheduled Job Log", "scheduled_job_type": ours[0], "status": "Complete"}
	).db_insert()
	install.remove_jobs()
	assert jobs("like") == []
	assert jobs("not like") == others
	assert not site.db.exists("Scheduled Job Log", {"scheduled_job_type": ("in", ours)})


def test_uninstalling_leaves_no_job_of_medgrids_in_the_queues(site):
	from frappe.utils.background_jobs import get_redis_conn
	from rq import Queue

	def waiting():
		return [job.kwargs["method"] for job in queue.jobs if job.kwargs.get("site") == site.local.site]

	# No worker takes jobs from it.
	queue = Queue("mgt-uninstall", connection=get_redis_conn())
	try:
		for method in ("medgrid.integrations.jobs.dispatch", "frappe.ping"):
			called = {"site": site.local.site, "method": method, "kwargs": {}}
			queue.enqueue_call("frappe.utils.background_jobs.execute_job", kwargs=called)
		other_site = {"site": "mgt-other", "method": "medgrid.integrations.jobs.dispatch", "kwargs": {}}
		queue.enqueue_call("frappe.utils.background_jobs.execute_job", kwargs=other_site)
		assert sorted(waiting()) == ["frappe.ping", "medgrid.integrations.jobs.dispatch"]
		install.remove_queued_jobs([queue])
		assert waiting() == ["frappe.ping"] and len(queue.jobs) == 2
		# Those of the bench, which work meanwhile.
		install.remove_queued_jobs()
	finally:
		queue.delete(delete_jobs=True)


def test_uninstalling_forgets_medgrids_patches_and_no_others(site):
	def executed(operator):
		return site.get_all("Patch Log", filters={"patch": (operator, "medgrid.%")}, pluck="patch")

	ours, others = executed("like"), executed("not like")
	assert ours and others
	# What was read belongs to another transaction.
	site.db.rollback()
	install.forget_patches()
	assert executed("like") == []
	assert executed("not like") == others


def test_uninstalling_removes_what_mentions_medgrids_documents(site):
	for doctype, fieldname in install.MENTIONS:
		if not site.db.table_exists(doctype):
			continue
		for named in ("Integration Issue", "Item"):
			document = site.get_doc({"doctype": doctype, "name": f"mgt-{site.generate_hash(length=10)}"})
			document.set(fieldname, named)
			document.db_insert()
		install.remove_mentions()
		assert not site.db.exists(doctype, {fieldname: "Integration Issue"}), doctype
		assert site.db.exists(doctype, {fieldname: "Item"}), doctype


@pytest.mark.parametrize(
	("doctype", "fieldname", "ours", "other"),
	[(*each, "Integration Issue", "Item") for each in install.SET_UP["DocType"]]
	+ [(*each, "Vertex Reconciliation", "General Ledger") for each in install.SET_UP["Report"]],
)
def test_uninstalling_removes_what_is_set_up_for_medgrids_documents(site, doctype, fieldname, ours, other):
	if not site.db.table_exists(doctype):
		pytest.skip(f"no {doctype} here")
	before = site.db.count(doctype, {fieldname: other})
	for named in (ours, other):
		document = site.get_doc({"doctype": doctype, "name": f"mgt-{site.generate_hash(length=10)}"})
		document.set(fieldname, named)
		document.db_insert()
	install.remove_set_up()
	assert not site.db.exists(doctype, {fieldname: ours})
	assert site.db.count(doctype, {fieldname: other}) == before + 1
