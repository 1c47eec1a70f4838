"""docs/api.md describes every operation of the second contract, as it is."""

import ast
import re

import pytest

from tests.support.documents import ROOT
from tests.vertex.operations import MAY

# Read as text: decorators hide the parameters.
RPC = [ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "medgrid" / "vertex").glob("*rpc.py")]
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
NAMES = re.compile(r"`([A-Za-z_]+)`")
# Python takes no parameter of the name `from`: the operation reads both from the request.
READ_APART = {"data_volume": {"from", "to"}}
# Its parameter is no shop.
FOR_ADMINISTRATORS = {"test_merchant", "test_identity", "retry_document", "quote_document"}


def sections() -> dict[str, str]:
	"""The part about operations, by heading."""
	reference = TEXT[TEXT.index("## Installing\n") : TEXT.index("## A merchant's life in curl")]
	parts = re.split(r"^### (\w+)\n", reference, flags=re.MULTILINE)
	return dict(zip(parts[1::2], parts[2::2], strict=True))


def operations():
	from medgrid.vertex.contract.operations import OPERATIONS

	return OPERATIONS


def functions() -> dict[str, ast.FunctionDef]:
	"""The function of each operation; `name = operation(…)(shared)` gives a shared one its name."""
	nodes = [node for module in RPC for node in module.body]
	found = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
	for node in nodes:
		match node:
			case ast.Assign([ast.Name(name)], ast.Call(ast.Call(), [ast.Name(shared)])):
				found[name] = found[shared]
	return found


def test_every_operation_has_a_section_and_no_other(site):
	assert sorted(sections()) == sorted(operations())


def test_verbs_type_version_and_callers_are_right(site):
	for name, operation in operations().items():
		heading = sections()[name].strip().splitlines()[0]
		verbs = ", ".join(f"`{verb}`" for verb in operation.verbs)
		assert heading.startswith(f"{verbs} · `{operation.type}` `{operation.version}` · "), (name, heading)
		callers = heading.rpartition(" · ")[2]
		assert ("public" in callers) == operation.is_public, (name, heading)
		expected = {kind for kind, permitted in MAY.items() if name in permitted}
		if name in FOR_ADMINISTRATORS:
			expected = {"administrator"}
		assert {kind for kind in MAY if kind in callers} == expected, (name, heading)


def test_every_parameter_is_described(site):
	from medgrid.vertex.contract.tax_calculation import TaxCalculation

	declared = functions()
	for name in operations():
		arguments = declared[name].args
		parameters = {each.arg for each in [*arguments.args, *arguments.kwonlyargs]}
		parameters |= READ_APART.get(name, set())
		if name == "shopify_tax_calculate":
			parameters |= {"shop", *TaxCalculation.model_fields}
		assert parameters <= set(NAMES.findall(sections()[name])), name


@pytest.mark.parametrize("path", ["README.md", "docs/api.md", "docs/architecture.md", "docs/vendors.md"])
def test_links_lead_somewhere(path):
	document = ROOT / path
	for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
		assert (document.parent / target).exists(), target


def test_links_within_the_reference_lead_somewhere():
	headings = {
		re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
		for title in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
	}
	anchors = headings | set(re.findall(r'<a id="([\w-]+)">', TEXT))
	for target in re.findall(r"\]\(#([^)]+)\)", TEXT):
		assert target in anchors, target
