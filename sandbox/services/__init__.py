"""What runs: MariaDB and Redis for the checkout, and per site a web server, RQ workers and a scheduler."""

from sandbox import layout, state
from sandbox.services import mariadb, processes, redis, simulators, site_processes


def start_databases() -> None:
	mariadb.start()
	redis.start()


def start_site(site: str) -> None:
	simulators.start(site)
	site_processes.start(site)


def stop_site(site: str) -> None:
	site_processes.stop(site)


def stop_all() -> list[str]:
	"""Stops every process of this checkout, the databases last; returns their names."""
	names = sorted(processes.recorded(), key=lambda name: name in ("mariadb", "redis"))
	return [name for name in names if processes.stop(name)]


def running() -> dict[str, int]:
	"""Name and process id of everything that runs."""
	return {name: pid for name in processes.recorded() if (pid := processes.pid_of(name))}


def site_url(site: str) -> str:
	return f"http://127.0.0.1:{state.port(f'web {site}')}"


def is_set_up() -> bool:
	return layout.PYTHON.exists() and layout.site_folder(layout.DEMO_SITE).exists()
