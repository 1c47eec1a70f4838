"""Set-up, step by step. Each step knows the inputs it was done with, so that the next run resumes where
the last one failed and does again only what has changed."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sandbox import layout, services
from sandbox.console import step
from sandbox.fingerprint import fingerprint
from sandbox.services import mariadb
from sandbox.setup import debian, python, sites
from sandbox.setup.steps import is_done, mark, once


def ensure_all(names: Sequence[str]) -> None:
	"""Everything that some sites need, then their processes. Those that do not exist are made at once."""
	missing = [site for site in names if not is_done(_created(site), "")]
	if len(missing) > 1:
		_ensure_databases(missing)
		sources = fingerprint(*layout.APP_SOURCES)
		with step(f"Sites {', '.join(missing)}"), ThreadPoolExecutor() as pool:
			# As a list, so that a failure is raised.
			list(pool.map(sites.create, missing))
		for site in missing:
			_mark_created(site, sources)
	for site in names:
		ensure(site)


def ensure(site: str) -> None:
	"""Everything that a site needs, then its processes."""
	_ensure_databases([site])
	_ensure_site(site)
	if site == layout.DEMO_SITE:
		# The demo's merchants are installed and onboarded at the simulators, whose addresses may change.
		services.simulators.start(site)
		data = fingerprint(*layout.DEMO_SOURCES) + services.simulators.urls(site)["vertex"]
		once("Demo data", lambda: sites.load_demo_data(site), key="demo data", inputs=data)
	services.start_site(site)


def _ensure_databases(names: Sequence[str]) -> None:
	layout.LOGS.mkdir(parents=True, exist_ok=True)
	has_tests = any(site in layout.TEST_SITES for site in names)
	debian.ensure_packages(debian.TEST_PACKAGES if has_tests else ())
	once("Python environment", python.install, key="venv", inputs=python.inputs())
	if not mariadb.exists():
		once("MariaDB data folder", mariadb.create, key="mariadb", inputs="")
	services.start_databases()
	for site in names:
		sites.write_config(site)


def _ensure_site(site: str) -> None:
	sources = fingerprint(*layout.APP_SOURCES)
	if not is_done(_created(site), ""):
		with step(f"Site {site}"):
			sites.create(site)
		_mark_created(site, sources)
	once(f"Migrate {site}", lambda: sites.migrate(site), key=_migrated(site), inputs=sources)


def _mark_created(site: str, sources: str) -> None:
	mark(_created(site), "")
	mark(_migrated(site), sources)


def _created(site: str) -> str:
	return f"site {site}"


def _migrated(site: str) -> str:
	return f"migrate {site}"
