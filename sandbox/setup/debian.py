"""The Debian packages that the sandbox stands on. Root installs them; anybody else is told the command."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from sandbox.console import SetupError, step
from sandbox.setup.steps import run

PACKAGES = (
	"mariadb-server-core",
	"mariadb-client-core",
	"redis-server",
	"default-libmysqlclient-dev",
	"pkg-config",
	"gcc",
	"python3-dev",
	"python3-venv",
)
# The tests look at the portal as its users do, and run the commands of the documentation.
TEST_PACKAGES = ("chromium", "curl", "openssl")
# Debian asks this script before a package starts its service; 101 means no.
POLICY = Path("/usr/sbin/policy-rc.d")


def ensure_packages(more: tuple[str, ...] = ()) -> None:
	"""
	:param more: packages beyond PACKAGES that this run needs.
	:raises SetupError: they are missing, and we are not root.
	"""
	missing = [package for package in (*PACKAGES, *more) if not _is_installed(package)]
	if not missing:
		return
	command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
	if not shutil.which("apt-get"):
		raise SetupError(f"this needs Debian 12 with the packages {' '.join(missing)}")
	if os.geteuid() != 0:
		raise SetupError("some Debian packages are missing", advice=f"As root, run:\n    {command}")
	with step(f"Debian packages ({len(missing)})"), _no_service_starts():
		environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
		wait = ["-o", "DPkg::Lock::Timeout=600"]
		run(
			["apt-get", *wait, "update"],
			log="apt-update",
			failure="apt-get update failed",
			env=environment,
		)
		run(
			["apt-get", *wait, "install", "-y", "--no-install-recommends", *missing],
			log="apt-install",
			failure="apt-get install failed",
			env=environment,
		)


def _is_installed(package: str) -> bool:
	query = ["dpkg-query", "-W", "-f=${db:Status-Status}", package]
	try:
		return subprocess.run(query, capture_output=True, text=True).stdout == "installed"
	except FileNotFoundError:
		return False


@contextmanager
def _no_service_starts():
	"""The packages' own Redis must not start: the sandbox runs a private one."""
	if POLICY.exists():
		yield
		return
	POLICY.write_text("#!/bin/sh\nexit 101\n")
	POLICY.chmod(0o755)
	try:
		yield
	finally:
		POLICY.unlink()
