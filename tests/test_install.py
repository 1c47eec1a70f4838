"""Installing adds the indexes that MedGrid needs; uninstalling takes them away."""

import pytest

from medgrid import install

NAMES = {"medgrid_name", "medgrid_place", "medgrid_stock", "medgrid_price", "medgrid_checked"}


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
