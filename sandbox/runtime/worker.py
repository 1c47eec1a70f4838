"""`python -m sandbox.runtime.worker [queues]`: one RQ worker of the site, as `bench worker`.

Each job has a process of its own, a fork of the worker's: what the worker has imported, no job imports again.
Frappe's own pool of workers does the same.
"""

import importlib
import pkgutil
import sys

from sandbox import runtime

# What jobs of the framework and of the demo's apps need besides.
FRAMEWORK = (
	"MySQLdb",
	"monoframe.contacts.doctype.contact.contact",
	"monoframe.core.doctype.user.user",
	"monoframe.database.mariadb.database",
	"monoframe.database.query",
	"monoframe.email.queue",
	"monoframe.integrations.doctype.google_contacts.google_contacts",
	"erpnext.controllers.selling_controller",
)
# Run once, or by a web server only.
LEFT_OUT = ("patches", "www")


def main() -> None:
	runtime.activate()
	from sandbox.runtime import probe

	probe.install()
	import_for_jobs()
	from monoframe.utils.background_jobs import start_worker

	start_worker(queue=sys.argv[1] if len(sys.argv) > 1 else None, quiet=True)


def import_for_jobs() -> None:
	import medgrid

	for name in FRAMEWORK:
		importlib.import_module(name)
	for module in pkgutil.walk_packages(medgrid.__path__, "medgrid."):
		if module.name.split(".")[1] not in LEFT_OUT:
			importlib.import_module(module.name)


if __name__ == "__main__":
	main()
