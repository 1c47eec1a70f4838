"""`python -m sandbox.runtime.worker [queues]`: one RQ worker of the site, as `bench worker`.

Each job has a process of its own, a fork of the worker's: what the worker has imported, no job imports again.
Frappe's own pool of workers does the same.
"""

import importlib
import pkgutil
import sys

from sandbox import runtime

# What jobs of the framework and of the demo's apps need besides: also what Frappe imports only where it first
# connects, saves a document, or writes to its log.
FRAMEWORK = (
	"MySQLdb",
	"erpnext.controllers.selling_controller",
	"erpnext.selling.doctype.sales_order.sales_order",
	"monoframe.automation.doctype.assignment_rule.assignment_rule",
	"monoframe.automation.doctype.milestone_tracker.milestone_tracker",
	"monoframe.contacts.doctype.contact.contact",
	"monoframe.core.doctype.docfield.docfield",
	"monoframe.core.doctype.docperm.docperm",
	"monoframe.core.doctype.doctype_link.doctype_link",
	"monoframe.core.doctype.doctype_state.doctype_state",
	"monoframe.core.doctype.permission_log.permission_log",
	"monoframe.core.doctype.user.user",
	"monoframe.core.doctype.user_permission.user_permission",
	"monoframe.database.mariadb.database",
	"monoframe.database.mariadb.mysqlclient",
	"monoframe.database.query",
	"monoframe.desk.form.assign_to",
	"monoframe.desk.form.linked_with",
	"monoframe.email.doctype.email_queue.email_queue",
	"monoframe.email.doctype.notification.notification",
	"monoframe.email.queue",
	"monoframe.geo.doctype.country.country",
	"monoframe.integrations.doctype.google_contacts.google_contacts",
	"monoframe.model.create_new",
	"monoframe.recorder",
	"monoframe.search.sqlite_search",
	"monoframe.utils.logger",
	"monoframe.utils.nestedset",
	"monoframe.workflow.doctype.workflow_action.workflow_action",
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
