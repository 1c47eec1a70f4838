"""Writing many entries, of which one cannot be written."""

import secrets

import frappe
import pytest

from medgrid.core.bulk import write_each
from medgrid.exceptions import Busy


def writer(mark: str, calls: list):
	def write(entries) -> None:
		calls.append(len(entries))
		for entry in entries:
			frappe.get_doc({"doctype": "ToDo", "description": f"{mark} {entry}"}).insert(
				ignore_permissions=True
			)
			if entry == "bad":
				raise ValueError("the value canary-77")

	return write


def written(mark: str) -> list[str]:
	frappe.db.rollback()
	rows = frappe.get_all("ToDo", filters={"description": ("like", f"{mark}%")}, pluck="description")
	return sorted(row.removeprefix(f"{mark} ") for row in rows)


@pytest.fixture
def mark(site):
	yield (mark := f"mgt-{secrets.token_hex(4)}")
	frappe.db.rollback()
	frappe.db.delete("ToDo", {"description": ("like", f"{mark}%")})
	frappe.db.commit()


def test_an_entry_that_cannot_be_written_does_not_prevent_the_others(mark):
	calls: list[int] = []
	assert write_each(["a", "bad", "b"], writer(mark, calls), what="entries of a test") == ["bad"]
	assert written(mark) == ["a", "b"]
	assert calls == [3, 1, 1, 1]


def test_entries_that_can_be_written_take_one_transaction(mark):
	calls: list[int] = []
	assert write_each(["a", "b"], writer(mark, calls), what="entries of a test") == []
	assert (written(mark), calls) == (["a", "b"], [2])


def test_a_failure_that_concerns_no_single_entry_is_passed_on(site):
	def write(entries) -> None:
		raise Busy("others hold the rows")

	with pytest.raises(Busy):
		write_each(["a"], write, what="entries of a test")
