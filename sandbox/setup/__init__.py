"""Set-up, step by step. Each step knows the inputs it was done with, so that the next run resumes where
the last one failed and does again only what has changed."""

from sandbox import layout, services
from sandbox.fingerprint import fingerprint
from sandbox.services import mariadb
from sandbox.setup import debian, python, sites
from sandbox.setup.steps import is_done, mark, once


def ensure(site: str) -> None:
	"""Everything that a site needs, then its processes."""
	layout.LOGS.mkdir(parents=True, exist_ok=True)
	debian.ensure_packages(debian.TEST_PACKAGES if site in layout.TEST_SITES else ())
	once("Python environment", python.install, key="venv", inputs=python.inputs())
	if not mariadb.exists():
		once("MariaDB data folder", mariadb.create, key="mariadb", inputs="")
	services.start_databases()
	sites.write_config(site)
	_ensure_site(site)
	if site == layout.DEMO_SITE:
		# The demo's merchants are installed and onboarded at the simulators, whose addresses may change.
		services.simulators.start(site)
		data = fingerprint(*layout.DEMO_SOURCES) + services.simulators.urls(site)["vertex"]
		once("Demo data", lambda: sites.load_demo_data(site), key="demo data", inputs=data)
	services.start_site(site)


def _ensure_site(site: str) -> None:
	created, migrated = f"site {site}", f"migrate {site}"
	sources = fingerprint(*layout.APP_SOURCES)
	if not is_done(created, ""):
		once(f"Site {site}", lambda: sites.create(site), key=created, inputs="")
		mark(migrated, sources)
	once(f"Migrate {site}", lambda: sites.migrate(site), key=migrated, inputs=sources)
