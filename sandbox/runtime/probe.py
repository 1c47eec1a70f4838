"""The probe of the tests' sites in their web server and workers: see `tests/support/lock_probe.py`."""

import os

VARIABLE = "SANDBOX_PROBE"


def install() -> None:
	"""Puts the probe before each statement of this process, if its environment names the file of findings."""
	if file := os.environ.get(VARIABLE):
		from tests.support import lock_probe

		lock_probe.install(file)
