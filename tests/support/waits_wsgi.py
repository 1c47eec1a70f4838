"""The web application of the tests' site, which notes of each request how long its thread waited.

Sleeping takes no time here: it is only counted, so a test of a request that waits does not wait. Statements
of the database that take long are waits for locks. One line of JSON for each request goes to
MEDGRID_WAITS_FILE, after everything that the request does, also after its response.
"""

import json
import os
import threading
import time
from typing import Any

if "SANDBOX_SITE" in os.environ:
	from sandbox.runtime.wsgi import application as medgrid
else:
	from tests.support.bench_wsgi import application as medgrid

from frappe.database.database import Database

# A statement that takes longer has waited.
LONG_STATEMENT = 0.3
_counts = threading.local()
_run = Database.sql


def _sleep(seconds: Any) -> None:
	_counts.slept = getattr(_counts, "slept", 0) + seconds


def _sql(database, *arguments, **options):
	began = time.monotonic()
	try:
		return _run(database, *arguments, **options)
	finally:
		if (seconds := time.monotonic() - began) > LONG_STATEMENT:
			_counts.locked = getattr(_counts, "locked", 0) + seconds


# Under a name of any type, since mypy forbids assigning another function.
clock: Any = time
clock.sleep, Database.sql = _sleep, _sql


class _Noted:
	"""A response that notes its request when it is closed."""

	def __init__(self, response, path: str, began: float):
		self.response, self.path, self.began = response, path, began

	def __iter__(self):
		return iter(self.response)

	def close(self) -> None:
		getattr(self.response, "close", lambda: None)()
		line = {
			"path": self.path,
			"seconds": time.monotonic() - self.began,
			"slept": _counts.slept,
			"locked": _counts.locked,
		}
		with open(os.environ["MEDGRID_WAITS_FILE"], "a") as file:
			file.write(json.dumps(line) + "\n")


def application(environ, start_response):
	_counts.slept = _counts.locked = 0
	began = time.monotonic()
	return _Noted(medgrid(environ, start_response), environ["PATH_INFO"], began)
