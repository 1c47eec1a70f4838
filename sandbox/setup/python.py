"""The virtual environment, with exactly the versions of `sandbox/requirements.lock`."""

import shutil
import sys

from sandbox import layout
from sandbox.console import SetupError
from sandbox.fingerprint import fingerprint
from sandbox.setup.steps import run

MINIMUM = (3, 11)


def inputs() -> str:
	return fingerprint(layout.LOCK_FILE, extra=sys.version)


def install() -> None:
	if sys.version_info < MINIMUM:
		raise SetupError(
			f"the sandbox needs Python {MINIMUM[0]}.{MINIMUM[1]}, this is {sys.version.split()[0]}"
		)
	shutil.rmtree(layout.VENV, ignore_errors=True)
	run([sys.executable, "-m", "venv", layout.VENV], log="venv", failure="the virtual environment failed")
	run(
		[layout.PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-r", layout.LOCK_FILE],
		log="pip",
		failure="pip could not install the locked requirements",
	)
