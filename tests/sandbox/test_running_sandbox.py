"""What `python3 -m sandbox` has started for these tests."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from frappe.utils import get_datetime

from sandbox import layout, services, state, status
from sandbox.demo import shipstation
from sandbox.demo.cast import VENDORS
from sandbox.simulators.shipstation.remote import ShipStationControl
from sandbox.simulators.table import SIMULATORS
from sandbox.simulators.vertex.remote import VertexControl
from tests.support.http import direct_session
from tests.support.waiting import PATIENCE_SECONDS, wait_for, wait_for_jobs, wait_until_equal

pytestmark = pytest.mark.stand_in


def all_processes():
	for pid in services.running().values():
		process = psutil.Process(pid)
		yield from [process, *process.children(recursive=True)]


def connections_of(process):
	try:
		return process.net_connections(kind="inet")
	except psutil.NoSuchProcess:
		# A worker's child whose job has just ended.
		return []


def test_nothing_listens_beyond_loopback():
	listening = [
		connection.laddr
		for process in all_processes()
		for connection in connections_of(process)
		if connection.status == psutil.CONN_LISTEN
	]
	assert len(listening) >= 3
	assert {address.ip for address in listening} == {"127.0.0.1"}


def test_database_queue_web_server_workers_and_scheduler_run():
	names = set(services.running())
	site = layout.site_of_this_process()
	assert {"mariadb", "redis", f"web {site}", f"worker 1 {site}", f"worker 2 {site}"} <= names
	assert f"scheduler {site}" in names


def test_what_the_scheduler_queues_a_worker_does(site, environment):
	"""On test sites the scheduler never ticks by itself; here it does, once."""
	job, long_ago = {"method": "medgrid.integrations.jobs.dispatch"}, get_datetime("2026-01-01")
	site.db.set_value("Scheduled Job Type", job, "last_execution", long_ago)
	site.db.commit()
	process = environment.process("frappe.utils.scheduler.enqueue_events")
	output, _ = process.communicate(timeout=PATIENCE_SECONDS)
	assert process.returncode == 0, output.decode()

	def last_execution():
		site.db.rollback()
		return site.db.get_value("Scheduled Job Type", job, "last_execution")

	wait_for(lambda: last_execution() > long_ago)
	wait_for_jobs()


def test_the_scheduler_of_a_test_site_never_ticks(site):
	assert site.conf.scheduler_tick_interval > 365 * 24 * 3600


def test_every_site_has_a_simulator_of_vertex(environment):
	assert f"vertex simulator {layout.site_of_this_process()}" in services.running()
	assert VertexControl(environment.simulators["vertex"]).faults() == []


def test_the_site_finds_vertex_at_its_simulator(site, environment):
	assert site.conf.medgrid_endpoints["vertex"] == environment.simulators["vertex"]


def test_status_says_where_the_tax_connectors_other_sides_are():
	facts = status.vertex()
	url = facts["simulator"]
	assert (facts["company"], facts["shop"]) == ("SKYDELL", "vertexdevstore.myshopify.com")
	assert set(facts["client"]) == set(facts["shopify_app"]) == {"client_id", "client_secret"}
	assert facts["identity"] == {
		"issuer": "https://identity.vertex.example",
		"audience": "medgrid-vertex",
		"jwks_url": f"{url}/identity/.well-known/jwks.json",
		"token_url": f"{url}/_control/identity_token",
	}


def test_status_says_what_each_vendor_types_into_the_cards():
	facts = status.vendors()
	assert [entry["user"] for entry in facts] == list(VENDORS.values())
	text = "\n".join(status.to_type(facts))
	for entry in facts:
		for name in ("shipstation_api_key", "shipstation_api_secret", "shop", "phone"):
			assert entry[name] in text


def test_the_keys_that_status_names_are_those_that_the_simulators_begin_with():
	server = SIMULATORS["shipstation"].service().start()
	try:
		shipstation.seed(ShipStationControl(server.url))
		for entry in status.vendors():
			keys = (entry["shipstation_api_key"], entry["shipstation_api_secret"])
			session = direct_session()
			assert session.get(f"{server.url}/orders", auth=keys, timeout=10).status_code == 200
	finally:
		server.stop()


def test_passwords_are_readable_by_their_owner_only():
	for path in (state.FILE, layout.site_folder(layout.site_of_this_process()) / "site_config.json"):
		assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_database_is_mariadb_and_the_queue_reaches_a_worker(site):
	assert "MariaDB" in site.db.sql("SELECT VERSION()")[0][0]
	job = site.enqueue("frappe.ping", queue="short")
	wait_until_equal(lambda: job.get_status(refresh=True), "finished")
	assert job.return_value() == "pong"


def test_the_databases_temporary_tables_are_in_a_folder_of_this_checkout(site):
	# A starting mariadbd removes the temporary tables of all others that share its folder.
	assert Path(site.db.sql("SELECT @@tmpdir")[0][0]) == layout.HOME / "mariadb" / "tmp"


def test_a_stored_password_is_readable_in_another_process(site):
	site.utils.password.set_encrypted_password("User", "Guest", "kept", "mgt_probe")
	site.db.commit()
	try:
		code = (
			"from sandbox import runtime; runtime.activate(); import frappe; frappe.init(force=True);"
			"frappe.connect(); from frappe.utils.password import get_decrypted_password as get;"
			"print(get('User', 'Guest', 'mgt_probe'))"
		)
		done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=layout.ROOT)
		assert done.stdout.split()[-1:] == ["kept"], done.stderr
	finally:
		site.utils.password.remove_encrypted_password("User", "Guest", "mgt_probe")
		site.db.commit()


def test_an_imported_module_is_the_frameworks_own(site):
	import frappe.utils.data
	import monoframe.utils.data

	assert frappe.utils.data is monoframe.utils.data
	assert sys.modules["frappe"] is sys.modules["monoframe"]


def test_headers_are_called_frappe_outside(anonymous):
	answer = anonymous.get("ping")
	assert not [name for name in answer.headers if "monoframe" in name.lower()]


def execute(*words: str) -> subprocess.CompletedProcess[str]:
	command = [sys.executable, "-m", "sandbox.runtime.site", "execute", *words]
	return subprocess.run(command, capture_output=True, text=True, cwd=layout.ROOT)


@pytest.mark.parametrize(
	("words", "returned"), [(["frappe.ping"], "pong"), (["frappe.db.exists", "User", "Guest"], "Guest")]
)
def test_execute_prints_what_a_function_returns(words, returned):
	assert json.loads(execute(*words).stdout.splitlines()[-1]) == returned


@pytest.mark.parametrize(
	"name",
	["medgrid.nope", "medgrid.nope.nope", "nope.nope", "nope", "frappe.db.nope", "medgrid.hooks.app_name"],
)
def test_execute_says_in_one_line_that_there_is_no_such_function(name):
	done = execute(name)
	assert done.returncode == 1
	assert done.stderr.splitlines()[-1] == f"sandbox: there is no function {name}"
	assert "Traceback" not in done.stderr
