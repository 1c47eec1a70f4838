"""A virtual environment for the tests of pure code: no Frappe, what that code imports and no more."""

import shutil
import sys

from sandbox import layout
from sandbox.fingerprint import fingerprint
from sandbox.setup.steps import run

PACKAGES = (
	"pytest",
	"pytest-cov",
	"hypothesis",
	# The keys of the simulated identity server, and who reads its tokens.
	"cryptography",
	"PyJWT",
	"gql",
	"graphql-core",
	"msgspec",
	"openpyxl",
	"phonenumbers",
	"pycountry",
	"pydantic",
	"redis",
	"requests",
	"tenacity",
)


def inputs() -> str:
	return fingerprint(layout.LOCK_FILE, extra=f"{sys.version} {PACKAGES}")


def install() -> None:
	shutil.rmtree(layout.UNIT_VENV, ignore_errors=True)
	layout.LOGS.mkdir(parents=True, exist_ok=True)
	command = [sys.executable, "-m", "venv", layout.UNIT_VENV]
	run(command, log="unit-venv", failure="the virtual environment failed")
	# The lock file says which versions, not what to install.
	versions = ["--disable-pip-version-check", "--constraint", layout.LOCK_FILE]
	run(
		[layout.UNIT_PYTHON, "-m", "pip", "install", *versions, *PACKAGES],
		log="unit-pip",
		failure="pip could not install the locked versions",
	)
