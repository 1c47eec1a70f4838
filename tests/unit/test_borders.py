"""What import-linter cannot hold: packages that import nothing, modules that need no Frappe, names that
resolve, folders that stay small.

Whatever is read here is read as text: nothing of MedGrid is imported but in a process of its own.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "medgrid"

# The addresses of the contract's RPCs: they load a module of RPCs when one is asked for, by this module.
LAZILY = APP / "core" / "lazy_names.py"
LAZY = (
	"medgrid/exoceuticals/__init__.py",
	"medgrid/health/__init__.py",
	"medgrid/integrations/__init__.py",
	"medgrid/vertex/__init__.py",
)
LAZY_IMPORTS = {"sys", "importlib", "typing", "collections"}

# These packages know no site.
WITHOUT_FRAPPE = (APP / "clients", APP / "http_client")

# These must say "Pure" in their docstrings.
PURE = {
	"medgrid.clients.shipstation.limits",
	"medgrid.clients.shipstation.order_payload",
	"medgrid.clients.shipstation.orders",
	"medgrid.clients.shipstation.shipments",
	"medgrid.clients.shipstation.webhooks",
	"medgrid.clients.shopify.domains",
	"medgrid.clients.shopify.gid",
	"medgrid.clients.shopify.models",
	"medgrid.clients.shopify.order_results",
	"medgrid.clients.shopify.pages",
	"medgrid.clients.shopify.signatures",
	"medgrid.clients.shopify.webhooks.payloads",
	"medgrid.core.clock",
	"medgrid.core.phones",
	"medgrid.core.text",
	"medgrid.desk.spreadsheets",
	"medgrid.exceptions",
	"medgrid.exoceuticals.fulfillment.changes",
	"medgrid.exoceuticals.fulfillment.fulfillments",
	"medgrid.exoceuticals.fulfillment.order_state",
	"medgrid.exoceuticals.fulfillment.status",
	"medgrid.exoceuticals.orders.addresses",
	"medgrid.exoceuticals.orders.lines",
	"medgrid.exoceuticals.orders.payload",
	"medgrid.integrations.shipstation.addresses",
	"medgrid.integrations.shipstation.payload",
	"medgrid.integrations.shipstation.weights",
	"medgrid.orders.address",
	"medgrid.orders.contact",
	"medgrid.orders.lines",
	"medgrid.orders.money",
	"medgrid.orders.problems",
	"medgrid.orders.provinces",
	"medgrid.orders.sales_order",
	"medgrid.outbox.destinations",
	"medgrid.outbox.schedule",
	"medgrid.outbox.states",
}

MOST_MODULES, MOST_LINES = 14, 300
VAGUE = re.compile(r"utils?|utilities|helpers?|misc|common_functions")
# The stand-in has ERPNext's own names.
STAND_IN = ROOT / "sandbox" / "apps"

# A dotted name of ours in code, a hook, a DocType, a script or a template; not a file name or a domain, and
# not the part of a name that a script completes.
DOTTED = re.compile(r"(?<![\w./@:-])medgrid(?:\.[a-zA-Z_]\w*)+(?!\w*\$\{)")
SOURCES = (".py", ".js", ".json", ".html", ".txt")
# A namespace of the Desk's scripts, and a logger.
NO_PYTHON = re.compile(r"medgrid\.desk(\..*)?|medgrid\.exchanges")


@cache
def tree_of(file: Path) -> ast.Module:
	return ast.parse(file.read_text(encoding="utf-8"))


def files(folder: Path) -> list[Path]:
	return sorted(file for file in folder.rglob("*.py") if "node_modules" not in file.parts)


def relative(file: Path) -> str:
	return file.relative_to(ROOT).as_posix()


def module_name(file: Path) -> str:
	return relative(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports_of(file: Path) -> Iterator[str]:
	"""The top-level packages that a file imports anywhere in it."""
	for node in ast.walk(tree_of(file)):
		if isinstance(node, ast.Import):
			yield from (alias.name.partition(".")[0] for alias in node.names)
		elif isinstance(node, ast.ImportFrom):
			yield (node.module or "").partition(".")[0]


# Packages


@pytest.mark.parametrize("package", [file for file in files(APP) if file.name == "__init__.py"], ids=relative)
def test_importing_a_module_does_not_run_its_packages(package):
	imported = {node.module for node in ast.walk(tree_of(package)) if isinstance(node, ast.ImportFrom)}
	if relative(package) in LAZY:
		assert imported == {module_name(LAZILY)}
		assert set(imports_of(package)) == {"medgrid"}
	else:
		assert set(imports_of(package)) == set()
	assert set(imports_of(LAZILY)) <= LAZY_IMPORTS


def modules_imported_by(file: Path, modules: Collection[str]) -> set[str]:
	"""The modules of MedGrid that a file imports anywhere in it."""
	found: set[str] = set()
	for node in ast.walk(tree_of(file)):
		if isinstance(node, ast.Import):
			found.update(alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom) and node.module:
			found.update(f"{node.module}.{alias.name}" for alias in node.names)
			found.add(node.module)
	return found & set(modules)


def test_no_modules_import_each_other_in_a_circle():
	"""An import within a function would only hide one."""
	by_name = {module_name(file): file for file in files(APP) if file.name != "__init__.py"}
	left = {name: modules_imported_by(file, by_name) for name, file in by_name.items()}
	while done := [name for name, imported in left.items() if not imported & left.keys()]:
		for name in done:
			del left[name]
	assert left == {}, "each of these is in a circle, or imports one that is"


def test_clients_know_no_frappe():
	clients = [file for folder in WITHOUT_FRAPPE for file in files(folder)]
	assert [module_name(file) for file in clients if "frappe" in imports_of(file)] == []


def test_the_outbox_names_no_destination():
	"""They are registered in hooks.py, or bring their `Outbox`, so the outbox serves one more without a
	change."""
	named = re.compile("shipstation|shopify|exoceuticals|vertex|sendblue", re.IGNORECASE)
	outbox = files(APP / "outbox")
	assert {relative(file) for file in outbox if named.search(file.read_text(encoding="utf-8"))} == set()


def test_one_module_alone_calls_other_systems():
	libraries = {"requests", "httpx", "urllib3"}
	callers = {module_name(file) for file in files(APP) if libraries & set(imports_of(file))}
	assert callers == {"medgrid.http_client.transport", "medgrid.http_client.timed_connections"}


def test_one_module_alone_commits():
	"""A commit elsewhere would end a transaction that `in_transaction` could have to repeat."""
	commit = re.compile(r"frappe\.db\.commit\(")
	assert [module_name(file) for file in files(APP) if commit.search(file.read_text(encoding="utf-8"))] == [
		"medgrid.core.transactions"
	]


def test_one_module_alone_has_messages_for_people():
	"""Desk shows them as HTML, so what they quote is escaped there."""
	message = re.compile(r"frappe\.(throw|msgprint)\(")
	assert [module_name(file) for file in files(APP) if message.search(file.read_text(encoding="utf-8"))] == [
		"medgrid.services.desk_messages"
	]


# Modules without Frappe


def says_pure(file: Path) -> bool:
	return bool(re.search(r"\bPure\b", ast.get_docstring(tree_of(file)) or ""))


@pytest.mark.parametrize("module", sorted(PURE))
def test_what_must_be_pure_says_so(module):
	assert says_pure(ROOT / f"{module.replace('.', '/')}.py")


def pure_modules() -> set[str]:
	pure = {file for file in files(APP) if says_pure(file)}
	pure.update(file for folder in WITHOUT_FRAPPE for file in files(folder))
	return {module_name(file) for file in pure}


def test_pure_modules_import_where_there_is_no_frappe():
	"""In one process that has nothing loaded, in which `import frappe` fails."""
	code = """
import importlib, sys
sys.modules["frappe"] = None
for name in sys.argv[1:]:
	try:
		importlib.import_module(name)
	except ImportError as error:
		print(f"{name}: {error}")
"""
	command = [sys.executable, "-c", code, *sorted(pure_modules())]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
	assert (done.stdout, done.stderr) == ("", "")


# Names


def dotted_names() -> dict[str, set[str]]:
	"""Each dotted name of ours, and the files that have it."""
	found: dict[str, set[str]] = {}
	for file in sorted(APP.rglob("*")):
		if file.suffix in SOURCES and file.is_file():
			for name in DOTTED.findall(file.read_text(encoding="utf-8")):
				if not NO_PYTHON.fullmatch(name):
					found.setdefault(name, set()).add(relative(file))
	return found


def resolves(name: str) -> bool:
	place, parts = ROOT, name.split(".")
	while parts and (place / parts[0]).is_dir():
		place /= parts.pop(0)
	if not parts:
		return True
	module = place / f"{parts[0]}.py"
	if module.exists():
		return len(parts) == 1 or parts[1] in names_in(module)
	package = place / "__init__.py"
	return package.exists() and parts[0] in names_in(package)


def names_in(module: Path) -> set[str]:
	"""What a module defines, imports, or hands on."""
	names: set[str] = set()
	for node in tree_of(module).body:
		if isinstance(node, ast.FunctionDef | ast.ClassDef):
			names.add(node.name)
		elif isinstance(node, ast.Import | ast.ImportFrom):
			names.update(alias.asname or alias.name for alias in node.names)
		elif isinstance(node, ast.Assign | ast.AnnAssign):
			targets = node.targets if isinstance(node, ast.Assign) else [node.target]
			names.update(
				sub.id for target in targets for sub in ast.walk(target) if isinstance(sub, ast.Name)
			)
			if "__all__" in names and isinstance(node.value, ast.List):
				names.update(ast.literal_eval(node.value))
	return names


def test_every_dotted_name_leads_somewhere():
	found = dotted_names()
	assert "medgrid.orders.fields.keep" in found, "hooks are read"
	assert {name: where for name, where in found.items() if not resolves(name)} == {}


@pytest.mark.parametrize("package", LAZY)
def test_no_module_takes_the_place_of_an_rpc(package):
	"""Once imported, a module `health` is what `medgrid.exoceuticals.health` means."""
	folder = (ROOT / package).parent
	modules = {path.stem for path in folder.iterdir()}
	exported = next(
		ast.literal_eval(node.value)
		for node in tree_of(ROOT / package).body
		if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
	)
	assert modules.isdisjoint(exported)


# Folders


def folders() -> list[Path]:
	every = {file.parent for top in (APP, ROOT / "sandbox") for file in files(top)}
	return sorted(folder for folder in every if not folder.is_relative_to(STAND_IN))


@pytest.mark.parametrize("folder", folders(), ids=relative)
def test_no_folder_is_too_full_to_look_through(folder):
	modules = [file.name for file in folder.glob("*.py") if file.name != "__init__.py"]
	assert len(modules) <= MOST_MODULES


def test_no_module_is_too_long_to_know():
	modules = [file for folder in (APP, ROOT / "sandbox", ROOT / "tools") for file in files(folder)]
	lengths = {relative(file): len(file.read_text(encoding="utf-8").splitlines()) for file in modules}
	assert {file: length for file, length in lengths.items() if length > MOST_LINES} == {}


def test_every_name_says_what_is_in_it():
	paths = [folder / "x" for folder in folders()] + [
		file for folder in folders() for file in folder.glob("*.py")
	]
	names = {part.removesuffix(".py") for path in paths for part in path.relative_to(ROOT).parts}
	assert {name for name in names if VAGUE.fullmatch(name)} == set()


# What another system's interface has under that name, and the DocTypes' controllers, which Frappe names.
NAMED_BY_OTHERS = ("medgrid/clients/", "medgrid/vertex/contract/", "medgrid/medgrid/doctype/")
# "Nothing to send" is a refusal at the store and a reason at a vendor.
SHARED_NAMES = {"NothingToSend"}


def test_a_class_has_a_name_of_its_own():
	"""Who reads `Outcome` in one module shall not have to look up which of five it is."""
	places: dict[str, list[str]] = {}
	for file in files(APP):
		if not relative(file).startswith(NAMED_BY_OTHERS):
			for node in tree_of(file).body:
				if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
					places.setdefault(node.name, []).append(relative(file))
	shared = {name: where for name, where in places.items() if len(where) > 1}
	assert {name: where for name, where in shared.items() if name not in SHARED_NAMES} == {}
