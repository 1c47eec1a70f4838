"""Where the tests run: on the sandbox's test site, or with `--bench PATH --site NAME` on a real bench's site.
`tests/unit/` alone runs anywhere: it needs no site and no Frappe.

`site` is a connection in this process, rolled back after each test. The other fixtures that several subjects
share are in `tests/fixtures/`.
"""

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure: timings never decide a test.
settings.register_profile("medgrid", deadline=None)
settings.load_profile("medgrid")

pytest_plugins = [
	"tests.fixtures.browsers",
	"tests.fixtures.books",
	"tests.fixtures.callers",
	"tests.fixtures.catalog",
	"tests.fixtures.connector",
	"tests.fixtures.contact",
	"tests.fixtures.exoceuticals",
	"tests.fixtures.languages",
	"tests.fixtures.mails",
	"tests.fixtures.sendblue",
	"tests.fixtures.shipstation",
	"tests.fixtures.shopify",
	"tests.fixtures.vertex",
	"tests.fixtures.waits",
]
UNIT_TESTS = Path(__file__).parent / "unit"


def pytest_addoption(parser):
	group = parser.getgroup("medgrid")
	group.addoption("--bench", help="path of a bench with frappe, erpnext and medgrid")
	group.addoption("--site", help="name of the bench's site that the tests may fill with their data")
	group.addoption("--hostile-requests", type=int, default=600, help="how many tests/hostile sends")
	group.addoption("--imported-invoices", type=int, default=20, help="how many tests/vertex imports")
	group.addoption("--submitted-invoices", type=int, default=40, help="by four workers of tests/vertex")
	group.addoption("--order-days", type=int, default=4, help="how many random days tests/integrations has")
	group.addoption("--order-seed", type=int, default=1, help="of these days; 0: a random one, printed")
	group.addoption("--tax-runs", type=int, default=10, help="how many random days tests/vertex has")
	group.addoption("--tax-seed", type=int, default=1, help="of these days; 0: a random one, printed")
	group.addoption("--hostile-seed", type=int, default=1, help="of tests/hostile; 0: a random one, printed")


def pytest_configure(config):
	bench, site = config.getoption("--bench"), config.getoption("--site")
	if bool(bench) != bool(site):
		raise pytest.UsageError("--bench and --site belong together")
	if _needs_no_site(config):
		return
	from tests.support.environment import BenchEnvironment, SandboxEnvironment

	config.environment = BenchEnvironment(bench, site) if bench else SandboxEnvironment()
	config.environment.connect()
	from tests.support import lock_probe

	config.environment.probe_file.unlink(missing_ok=True)
	lock_probe.install(config.environment.probe_file, everything=False)


def _needs_no_site(config) -> bool:
	"""Whether nothing but unit tests was asked for."""
	paths = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
	return bool(paths) and all(path.resolve().is_relative_to(UNIT_TESTS) for path in paths)


def pytest_collection_modifyitems(config, items):
	"""Each place leaves out, and counts as deselected, what only the other one has; see `markers` in
	pyproject.toml."""
	elsewhere = "stand_in" if config.getoption("--bench") else "desk"
	left_out = [item for item in items if item.get_closest_marker(elsewhere)]
	if left_out:
		items[:] = [item for item in items if item not in left_out]
		config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish(session):
	"""What workers did after the last test counts, too."""
	if environment := getattr(session.config, "environment", None):
		from tests.support.lock_probe import findings

		late = findings(environment.probe_file, getattr(session.config, "probe_size", 0))
		if late:
			print("\nOutside of core/transactions.py, after a read:", *late, sep="\n")
			session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config):
	if environment := getattr(config, "environment", None):
		environment.close()


@pytest.fixture(scope="session")
def environment(request):
	return request.config.environment


@pytest.fixture(autouse=True)
def no_lock_after_a_read(request):
	"""Fails the test in which MedGrid locks or writes what somebody else may have changed since its
	transaction's first read; see `tests/support/lock_probe.py`."""
	environment = getattr(request.config, "environment", None)
	if environment is None:
		yield
		return
	from tests.support.lock_probe import findings

	yield
	found = findings(environment.probe_file, getattr(request.config, "probe_size", 0))
	if found:
		request.config.probe_size = environment.probe_file.stat().st_size
		pytest.fail(
			"Outside of core/transactions.py, after a read:\n" + "\n".join(map(str, found)), pytrace=False
		)


@pytest.fixture(autouse=True)
def no_job_of_an_earlier_test(request):
	"""The test begins when the workers have done what earlier tests queued."""
	if getattr(request.config, "environment", None):
		from tests.support.waiting import wait_for_earlier_jobs

		wait_for_earlier_jobs()


@pytest.fixture(autouse=True)
def no_limit_of_an_earlier_request(request):
	"""What a test did in this process as a web request limits no waits for locks of the next one."""
	yield
	if getattr(request.config, "environment", None):
		from tests.support.lock_limits import forget_lock_limits

		forget_lock_limits()


@pytest.fixture
def site(environment):
	"""The site in this process, as Administrator. What a test does not commit is undone after it."""
	import frappe

	frappe.set_user("Administrator")
	# A fresh view: the test before may have ended long ago, and requests have written since.
	frappe.db.rollback()
	yield frappe
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.local.message_log = []
