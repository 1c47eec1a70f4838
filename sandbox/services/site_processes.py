"""The processes of one site: gunicorn, RQ workers, the scheduler. A changed source restarts them."""

import urllib.request
from typing import Any
from urllib.error import URLError

from sandbox import layout, ports, state
from sandbox.fingerprint import fingerprint
from sandbox.runtime import probe
from sandbox.services import processes

WEB_WORKERS, WEB_THREADS = 2, 4
QUEUE_WORKERS = 2


def start(site: str) -> None:
	sources = [*layout.APP_SOURCES, layout.LOCK_FILE, layout.site_folder(site) / "site_config.json"]
	environment = layout.python_environment(site)
	if site in layout.TEST_SITES:
		sources += layout.PROBE_SOURCES
		environment[probe.VARIABLE] = str(layout.probe_file(site))
	common: dict[str, Any] = {
		"environment": environment,
		"folder": layout.site_folder(site),
		"version": fingerprint(*sources),
	}
	_start_web(site, common)
	for number in range(1, QUEUE_WORKERS + 1):
		processes.start(
			f"worker {number} {site}",
			[layout.PYTHON, "-m", "sandbox.runtime.worker"],
			**common,
		)
	processes.start(
		f"scheduler {site}",
		[layout.PYTHON, "-m", "sandbox.runtime.scheduler_process"],
		**common,
	)


def _start_web(site: str, common: dict[str, Any]) -> None:
	name = f"web {site}"
	port = state.port(name)
	if not processes.pid_of(name) and ports.is_open(port):
		port = state.move_port(name)
	processes.start(
		name,
		[
			layout.PYTHON,
			"-m",
			"gunicorn",
			"sandbox.runtime.wsgi:application",
			f"--bind=127.0.0.1:{port}",
			f"--workers={WEB_WORKERS}",
			f"--threads={WEB_THREADS}",
			"--worker-class=gthread",
			"--timeout=120",
			"--keep-alive=5",
		],
		port=port,
		ready=lambda: _answers(port),
		**common,
	)


def _answers(port: int) -> bool:
	try:
		with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/method/ping", timeout=30) as response:
			return response.status == 200
	except (URLError, OSError):
		return False


def stop(site: str) -> None:
	for name in processes.recorded():
		if name.endswith(f" {site}"):
			processes.stop(name)
