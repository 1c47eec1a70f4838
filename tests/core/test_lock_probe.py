"""The check that every test carries: no lock or write after a read outside of core/transactions.py."""

import frappe
import pytest

from medgrid.core.faults.borders import job
from tests.support import lock_probe

# The list of exceptions only shrinks.
MOST_EXCEPTIONS = 6
PLACE = "probe_example.py"
SOURCE = """
import frappe
from medgrid.core.transactions import in_transaction, locked_row

def read(name):
	return frappe.db.get_value("ToDo", name, "description")

def write(name):
	frappe.db.set_value("ToDo", name, "description", "ours")

def read_and_write(name):
	read(name)
	write(name)

def read_and_lock(name):
	read(name)
	frappe.db.get_value("ToDo", name, "description", for_update=True)

def read_and_delete(name):
	read(name)
	frappe.db.delete("ToDo", {"name": name})

def in_the_helper(name):
	in_transaction(lambda: read_and_write(name))

def locked_first(name):
	locked_row("ToDo", name, ["name"])
	read_and_write(name)

def committed_between(name):
	read(name)
	frappe.db.commit()
	write(name)

def read_and_insert(name):
	read(name)
	made = frappe.get_doc({"doctype": "ToDo", "description": "made"}).insert(ignore_permissions=True)
	write(made.name)
"""


@pytest.fixture
def app_code(site):
	"""The functions of SOURCE, as if they were in MedGrid, and as jobs."""
	functions: dict = {}
	exec(compile(SOURCE, f"{lock_probe.APP}{PLACE}", "exec"), functions)
	return {name: job(value) if callable(value) else value for name, value in functions.items()}


@pytest.fixture
def todo(site):
	name = frappe.get_doc({"doctype": "ToDo", "description": "before"}).insert(ignore_permissions=True).name
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	frappe.db.delete("ToDo", {"name": name})
	frappe.db.commit()


@pytest.fixture
def found(environment, request):
	"""`found()`: the functions that the probe found since the test began, which then do not fail it."""
	file = environment.probe_file
	start = file.stat().st_size if file.exists() else 0

	def read() -> list[str]:
		findings = lock_probe.findings(file, start)
		if findings:
			request.config.probe_size = file.stat().st_size
		return [finding.function for finding in findings]

	return read


@pytest.mark.parametrize("name", ["read_and_write", "read_and_lock", "read_and_delete"])
def test_a_row_that_others_could_have_changed_is_found(app_code, todo, found, name):
	frappe.db.rollback()
	app_code[name](todo)
	assert [function.partition(":")[0] for function in found()] == [f"medgrid/{PLACE}"]


@pytest.mark.parametrize("name", ["in_the_helper", "locked_first", "committed_between", "read_and_insert"])
def test_a_row_that_is_safe_is_not_found(app_code, todo, found, name):
	frappe.db.rollback()
	app_code[name](todo)
	assert found() == []


def test_a_function_that_a_test_calls_by_itself_does_not_count(app_code, todo, found):
	frappe.db.rollback()
	app_code["read_and_write"].__wrapped__(todo)
	assert found() == []


def test_the_exceptions_get_fewer():
	assert len(lock_probe.EXCEPTIONS) <= MOST_EXCEPTIONS
