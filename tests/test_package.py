"""The app as a package: it stands alone, on every Python and with every pin that Frappe 15 and 16 have."""

import ast
import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MODULES = sorted((ROOT / "medgrid").rglob("*.py"))

# The lowest and highest releases that Frappe's own pins allow (15: pydantic ~=2.10.2, tenacity ~=8.2.2,
# requests ~=2.32.0; 16: pydantic ~=2.12, tenacity ~=9.1, requests ~=2.32;
# phonenumbers ==8.13.55 and ~=9.0.21).
FRAPPE_PINS = {
	"pydantic": ("2.10.2", "2.10.6", "2.12.5"),
	"tenacity": ("8.2.2", "8.2.3", "9.1.4"),
	"requests": ("2.32.0", "2.32.5"),
	"phonenumbers": ("8.13.55", "9.0.21", "9.0.43"),
}


def requirements():
	return {
		requirement.name: requirement for requirement in map(Requirement, PROJECT["project"]["dependencies"])
	}


def test_the_runtime_dependencies_are_these_six_and_never_frappe_or_erpnext():
	assert set(requirements()) == {"requests", "gql", "msgspec", "pydantic", "tenacity", "phonenumbers"}


@pytest.mark.parametrize("name", FRAPPE_PINS)
def test_our_ranges_accept_what_frappe_pins(name):
	for version in FRAPPE_PINS[name]:
		assert Version(version) in requirements()[name].specifier


def test_gql_stays_below_the_release_that_forces_another_tenacity():
	assert Version("4.0.0") in requirements()["gql"].specifier
	assert Version("4.4.0") not in requirements()["gql"].specifier


def test_bench_is_told_which_frappe_and_erpnext():
	ranges = PROJECT["tool"]["bench"]["frappe-dependencies"]
	for app in ("frappe", "erpnext"):
		allowed = Requirement(f"{app}{ranges[app]}").specifier
		assert [Version(v) in allowed for v in ("14.9.9", "15.72.4", "16.9.0", "17.0.0")] == [
			False,
			True,
			True,
			False,
		]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_is_python_3_10_syntax(path):
	ast.parse(path.read_text(), feature_version=(3, 10))


def test_no_file_of_the_app_knows_where_it_runs():
	knowing = [
		f"{path.relative_to(ROOT)}: {line.strip()}"
		for path in (ROOT / "medgrid").rglob("*")
		if path.is_file() and path.suffix in (".py", ".js", ".html", ".json", ".css", ".md", ".txt")
		for line in path.read_text().splitlines()
		if re.search(r"monoframe|sandbox|\bin_test\b", line)
	]
	assert knowing == []


def test_every_doctype_is_in_the_apps_own_module(site):
	doctypes = site.get_all("DocType", filters={"module": "Medgrid"}, pluck="name")
	assert {"Medgrid Settings", "Medgrid Warehouse Priority"} <= set(doctypes)
	for name in doctypes:
		folder = ROOT / "medgrid" / "medgrid" / "doctype" / site.scrub(name)
		assert (folder / f"{site.scrub(name)}.json").exists()
