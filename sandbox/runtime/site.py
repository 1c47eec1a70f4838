"""`python -m sandbox.runtime.site create|migrate|execute|shell`: as bench's commands of these names."""

import importlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from sandbox import runtime


def main() -> None:
	command, *arguments = sys.argv[1:]
	runtime.activate()
	commands: dict[str, Callable[..., None]] = {
		"create": create,
		"migrate": migrate,
		"execute": execute,
		"shell": shell,
	}
	commands[command](*arguments)


def create() -> None:
	"""A site with the framework, the stand-in ERPNext and MedGrid. Needs SANDBOX_DB_ROOT_PASSWORD."""
	import frappe
	from frappe.installer import _init_database, install_app

	from sandbox.runtime.config import site_config

	config = site_config()
	_init_database(
		db_type="mariadb",
		db_root_username="root",
		db_root_password=os.environ["SANDBOX_DB_ROOT_PASSWORD"],
		admin_password=config["admin_password"],
		force=True,
		**{key: config[key] for key in ("db_name", "db_user", "db_password", "db_host", "db_port")},
	)
	frappe.db.commit()
	frappe.init(force=True)
	frappe.connect()
	install_app("medgrid")
	_make_it_a_ready_site()
	frappe.db.commit()
	frappe.destroy()


def _make_it_a_ready_site() -> None:
	"""What a setup wizard would have asked, and no framework jobs that call out to the internet."""
	import frappe

	settings = frappe.get_single("System Settings")
	settings.update({"country": "United States", "time_zone": "America/New_York", "language": "en"})
	settings.update({"setup_complete": 1, "enable_scheduler": 1, "enable_telemetry": 0})
	settings.flags.ignore_mandatory = True
	settings.save()
	jobs = frappe.qb.DocType("Scheduled Job Type")
	frappe.qb.update(jobs).set(jobs.stopped, 1).where(~jobs.method.like("medgrid%")).run()


def migrate() -> None:
	"""Brings the site to what the apps' files say now."""
	import frappe
	from frappe.migrate import SiteMigration

	SiteMigration(skip_search_index=True).run(site=frappe.get_site_name())


def execute(dotted_name: str, *arguments: str) -> None:
	"""Calls a function as Administrator, commits, prints what it returned.

	:param arguments: JSON or text.
	"""
	import frappe

	with connected():
		value = function_of(dotted_name)(*[_value(argument) for argument in arguments])
		frappe.db.commit()
		if value is not None:
			print(frappe.as_json(value))


def function_of(dotted_name: str) -> Callable[..., Any]:
	"""Finds a function of a module, or of an object in one, such as `frappe.db.count`.

	:raises SystemExit: there is none; its sentence is for whoever typed the name.
	"""
	parts = dotted_name.split(".")
	for end in range(len(parts) - 1, 0, -1):
		name = ".".join(parts[:end])
		try:
			module = importlib.import_module(name)
		except ModuleNotFoundError as error:
			# Not what a module of ours fails to import.
			if error.name and f"{name}.".startswith(f"{error.name}."):
				continue
			raise
		found: Any = module
		for part in parts[end:]:
			found = getattr(found, part, None)
		if callable(found):
			return found
		break
	raise SystemExit(f"sandbox: there is no function {dotted_name}")


def _value(argument: str):
	try:
		return json.loads(argument)
	except ValueError:
		return argument


def shell() -> None:
	"""A Python prompt on the site, as Administrator."""
	import frappe
	from IPython import start_ipython

	with connected():
		start_ipython(argv=["--no-banner"], user_ns={"frappe": frappe})


@contextmanager
def connected(user: str = "Administrator"):
	"""A connection to the site for the length of a block."""
	import frappe

	frappe.init(force=True)
	frappe.connect()
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main()
