"""The two places the tests run on, behind one face: connect, url, headers, simulators, process, close."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sandbox import ports

ROOT = Path(__file__).resolve().parents[2]
# Site, function and its arguments follow. Frappe's own `execute` knows only functions of installed apps.
CALL = """
import importlib, json, sys
import frappe
site, name, *arguments = sys.argv[1:]
frappe.init(site=site)
frappe.connect()
module, _dot, function = name.rpartition(".")
getattr(importlib.import_module(module), function)(*map(json.loads, arguments))
frappe.db.commit()
"""

# Jobs find imported what they need, as they do in Frappe's own pool of workers: a job's process is a fork.
WORK = """
import importlib, pkgutil
import erpnext.controllers.selling_controller, frappe.database.mariadb.database, frappe.database.query
import medgrid
for module in pkgutil.walk_packages(medgrid.__path__, "medgrid."):
	if module.name.split(".")[1] not in ("patches", "www"):
		importlib.import_module(module.name)
from frappe.utils.background_jobs import start_worker
start_worker(queue="short,default,long", quiet=True)
"""


class SandboxEnvironment:
	"""The test site of the sandbox, whose processes `python3 -m sandbox test` has started."""

	headers: dict[str, str] = {}
	web_variables: dict[str, str] = {}

	def __init__(self):
		if "SANDBOX_SITE" not in os.environ:
			raise pytest.UsageError(
				"run the tests with: python3 -m sandbox test [pytest arguments]\n"
				"or, on a bench: pytest --bench PATH --site NAME"
			)

	def connect(self) -> None:
		from sandbox import layout, runtime, services
		from sandbox.services import simulators

		runtime.activate()
		import frappe

		frappe.init(force=True)
		frappe.connect()
		site = layout.site_of_this_process()
		self.probe_file = layout.probe_file(site)
		self.url = services.site_url(site)
		self.web_folder = Path(os.environ["SANDBOX_SITE"])
		self.simulators = simulators.urls(site)

	def process(self, function: str, *arguments: str) -> subprocess.Popen:
		"""A process of its own that calls a function on the site, as a worker would; arguments are JSON."""
		command = [sys.executable, "-m", "sandbox.runtime.site", "execute", function, *arguments]
		return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

	def close(self) -> None:
		import frappe

		frappe.destroy()


class BenchEnvironment:
	"""A site of a real bench. Its web server is started here, on a free port, and ended with the tests."""

	def __init__(self, bench: str, site: str):
		self.bench, self.site = Path(bench).resolve(), site
		self.sites = self.bench / "sites"
		self.python = self.bench / "env" / "bin" / "python"
		if Path(sys.prefix).resolve() != (self.bench / "env").resolve():
			raise pytest.UsageError(f"run the tests with the bench's Python: {self.python} -m pytest …")
		self.headers: dict[str, str] = {}
		self.probe_file = Path(tempfile.gettempdir()) / f"medgrid-tests-probe-{os.getpid()}.jsonl"
		self.web_folder, self.web_variables = self.sites, {"MEDGRID_TEST_SITE": site}

	def connect(self) -> None:
		os.chdir(self.sites)
		import frappe

		frappe.init(site=self.site, sites_path=str(self.sites))
		self.port = ports.free()
		self.url = f"http://127.0.0.1:{self.port}"
		self._start_simulators()
		self._configure()
		frappe.init(site=self.site, sites_path=str(self.sites), force=True)
		frappe.connect()
		self._set_up()
		self._start_web_server()
		self._start_worker()

	def _start_simulators(self) -> None:
		"""In this process."""
		from sandbox.simulators.table import SIMULATORS

		self.running_simulators = {
			service: simulator.service().start() for service, simulator in SIMULATORS.items()
		}
		self.simulators = {
			service: server.url + SIMULATORS[service].path
			for service, server in self.running_simulators.items()
		}

	def _configure(self) -> None:
		"""The site's configuration says where the simulators are, and to the simulators where the site is,
		until the tests end."""
		import frappe
		from frappe.installer import update_site_config

		changes = {"medgrid_endpoints": self.simulators, "host_name": self.url}
		self.configured_before = {key: frappe.conf.get(key) for key in changes}
		for key, value in changes.items():
			update_site_config(key, value, validate=False)

	def _set_up(self) -> None:
		"""What the site may lack that had neither ERPNext's setup wizard nor a secret yet."""
		import frappe
		from frappe.utils.password import get_encryption_key

		# Two processes that make it at the same time make two keys, and one cannot read the other's secrets.
		get_encryption_key()
		frappe.db.set_single_value("Selling Settings", "allow_multiple_items", 1)
		# Without it ERPNext finds no advances of customers.
		if not frappe.db.exists("Party Type", "Customer"):
			frappe.get_doc(doctype="Party Type", party_type="Customer", account_type="Receivable").insert()
		frappe.db.commit()

	def _start_worker(self) -> None:
		self.worker = subprocess.Popen(
			[self.python, "-c", WORK], cwd=self.sites, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
		)

	def process(self, function: str, *arguments: str) -> subprocess.Popen:
		"""A process of its own that calls a function on the site, as a worker would; arguments are JSON."""
		return subprocess.Popen(
			[self.python, "-c", CALL, self.site, function, *arguments],
			cwd=self.sites,
			env={**os.environ, "PYTHONPATH": str(ROOT)},
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
		)

	def _start_web_server(self) -> None:
		log = Path(tempfile.gettempdir()) / f"medgrid-tests-web-{self.port}.log"
		application = "tests.support.bench_wsgi:application"
		command = [str(self.python), "-m", "gunicorn", application, f"--bind=127.0.0.1:{self.port}"]
		environment = {**os.environ, "PYTHONPATH": str(ROOT), "MEDGRID_TEST_SITE": self.site}
		# On a busy machine a test pauses for longer than the two seconds after which gunicorn would hang up.
		patience = ["--timeout=120", "--keep-alive=60"]
		options = ["--workers=2", "--threads=4", "--worker-class=gthread", *patience]
		with log.open("wb") as output:
			self.server = subprocess.Popen(
				[*command, *options],
				cwd=self.sites,
				env=environment,
				stdout=output,
				stderr=subprocess.STDOUT,
			)
		for _attempt in range(600):
			if self._answers():
				return
			time.sleep(0.1)
		raise RuntimeError(f"the bench's web server does not answer, see {log}")

	def _answers(self) -> bool:
		request = urllib.request.Request(f"{self.url}/api/method/ping", headers=self.headers)
		try:
			return urllib.request.urlopen(request, timeout=10).status == 200
		except (urllib.error.URLError, OSError):
			return False

	def close(self) -> None:
		import frappe

		frappe.destroy()
		for process in (getattr(self, "server", None), getattr(self, "worker", None)):
			if process:
				process.terminate()
				process.wait(timeout=30)
		for simulator in getattr(self, "running_simulators", {}).values():
			simulator.stop()
		if hasattr(self, "configured_before"):
			self._restore_configuration()

	def _restore_configuration(self) -> None:
		import frappe
		from frappe.installer import update_site_config

		frappe.init(site=self.site, sites_path=str(self.sites))
		for key, value in self.configured_before.items():
			# "None" removes the key.
			update_site_config(key, value or "None", validate=False)
		frappe.destroy()
