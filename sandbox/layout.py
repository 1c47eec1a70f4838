"""Where things are: the repository, and `.sandbox/`, which holds everything that the sandbox makes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".sandbox"
LOGS = HOME / "logs"
SITES = HOME / "sites"
VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
UNIT_VENV = HOME / "unit"
UNIT_PYTHON = UNIT_VENV / "bin" / "python"
LOCK_FILE = ROOT / "sandbox" / "requirements.lock"

DEMO_SITE = "demo.localhost"
TEST_SITE = "test.localhost"
# The others are for tests that run at the same time as those on the first.
TEST_SITES = (TEST_SITE, "test-2.localhost", "test-3.localhost")
BENCH_SITE = "bench.localhost"
ALL_SITES = (DEMO_SITE, *TEST_SITES, BENCH_SITE)

# What the processes of a tests' site load besides.
PROBE_SOURCES = tuple(ROOT / "tests" / "support" / name for name in ("lock_probe.py", "statements.py"))

# What decides how a site looks and what its processes have loaded.
APP_SOURCES = (ROOT / "medgrid", ROOT / "sandbox" / "apps", ROOT / "sandbox" / "runtime")
DEMO_SOURCES = (ROOT / "sandbox" / "demo",)


def site_folder(site: str) -> Path:
	return SITES / site


def probe_file(site: str) -> Path:
	"""Where the processes of a tests' site write what `tests/support/lock_probe.py` finds."""
	return LOGS / f"probe {site}.jsonl"


def site_of_this_process() -> str:
	"""The site of a process that `python_environment` has an environment for."""
	return Path(os.environ["SANDBOX_SITE"]).name


def python_environment(site: str) -> dict[str, str]:
	"""The environment of a process that works on a site."""
	return {
		**os.environ,
		"SANDBOX_SITE": str(site_folder(site)),
		"PYTHONPATH": str(ROOT),
		"PYTHONUNBUFFERED": "1",
	}
