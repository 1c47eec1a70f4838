"""A site: its folder and configuration, its database, its demo data."""

import json
import os
import re

from sandbox import layout, services, state
from sandbox.services import mariadb, redis, simulators
from sandbox.setup.steps import run

# In seconds. A job that nobody asked for, in the middle of a test, would do what the test is about to do.
# Tests call what the scheduler queues themselves; one, of the sandbox, has it queued at a time of its own.
NEVER = 10 * 365 * 24 * 3600


def database_name(site: str) -> str:
	return "medgrid_" + re.sub(r"\W", "_", site)


def write_config(site: str) -> None:
	"""`site_config.json` as the services are now; what the framework wrote there stays."""
	simulators.settle_ports(site)
	folder = layout.site_folder(site)
	(folder / "logs").mkdir(parents=True, exist_ok=True)
	# The framework looks for its log folder beside the site as well.
	(folder.parent / "logs").mkdir(exist_ok=True)
	assets = folder / "assets"
	assets.mkdir(exist_ok=True)
	(assets / "assets.json").write_text("{}\n")
	path = folder / "site_config.json"
	existing = json.loads(path.read_text()) if path.exists() else {}
	fresh = {**existing, **_config(site)}
	if fresh != existing:
		with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
			json.dump(fresh, file, indent=1, sort_keys=True)


def _config(site: str) -> dict:
	return {
		"admin_password": state.password(f"{site} Administrator"),
		"db_type": "mariadb",
		"db_host": "127.0.0.1",
		"db_port": state.port(mariadb.NAME),
		"db_name": database_name(site),
		"db_user": database_name(site),
		"db_password": state.password(f"{site} database"),
		"host_name": services.site_url(site),
		"encryption_key": state.encryption_key(f"{site} encryption key"),
		"secret_key": state.password(f"{site} secret key"),
		"scheduler_tick_interval": NEVER if site in layout.TEST_SITES else 60,
		"medgrid_endpoints": simulators.urls(site),
		**redis.urls(site),
	}


def create(site: str) -> None:
	"""The site's database, anew."""
	_work_on(site, "create", failure=f"the site {site} could not be made")


def migrate(site: str) -> None:
	services.stop_site(site)
	_work_on(site, "migrate", failure=f"the site {site} could not be migrated")


def load_demo_data(site: str) -> None:
	_work_on(site, "execute", "sandbox.demo.load", failure="the demo data could not be loaded")


def _work_on(site: str, *arguments: str, failure: str) -> None:
	run(
		[layout.PYTHON, "-m", "sandbox.runtime.site", *arguments],
		log=f"{arguments[0]} {site}",
		failure=failure,
		env={**layout.python_environment(site), "SANDBOX_DB_ROOT_PASSWORD": mariadb.root_password()},
	)
