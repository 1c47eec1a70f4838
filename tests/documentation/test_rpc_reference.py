"""docs/api.md describes every RPC of the first contract, as it is."""

import ast
import re

import pytest

from tests.support.documents import ROOT

# The modules of each address's RPCs.
MODULES = {
	"medgrid.catalog": ("catalog.py",),
	"medgrid.account": ("account.py",),
	"medgrid.contact_api": ("contact_api.py",),
	"medgrid.integrations": (
		"integrations/rpc.py",
		"integrations/order_rpc.py",
		"integrations/accounts/rpc.py",
		"integrations/vendor_products/rpc.py",
		"integrations/office/rpc.py",
		"integrations/shipstation/rpc.py",
		"integrations/shopify/rpc.py",
		"integrations/sendblue/rpc.py",
	),
	"medgrid.exoceuticals": ("exoceuticals/rpc.py", "exoceuticals/catalog/rpc.py"),
	"medgrid.health": ("health/rpc.py",),
}
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ROLES = {
	"ADMINISTRATORS": ["System Manager"],
	"CURATORS": ["System Manager", "Item Manager"],
	"SELLERS": ["System Manager", "Sales Manager"],
	"OFFICE": [
		"System Manager",
		"Sales Manager",
		"Sales User",
		"Stock Manager",
		"Stock User",
		"Purchase Manager",
		"Purchase User",
	],
}


def _declared() -> dict[str, tuple[ast.FunctionDef, ast.Call]]:
	"""Each RPC by its address, with its decorator. Read as text: decorators hide the parameters."""
	found = {}
	for address, path in [(address, path) for address, paths in MODULES.items() for path in paths]:
		tree = ast.parse((ROOT / "medgrid" / path).read_text(encoding="utf-8"))
		for node in (each for each in tree.body if isinstance(each, ast.FunctionDef)):
			for decorator in node.decorator_list:
				if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", None) == "endpoint":
					found[f"{address}.{node.name}"] = node, decorator
	return found


RPCS = _declared()


def _sections() -> dict[str, str]:
	reference = TEXT[: TEXT.index("# The tax connector's API\n")]
	parts = re.split(r"^### (medgrid\.[\w.]+)\n", reference, flags=re.MULTILINE)
	return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_rpc_has_a_section_and_no_other():
	assert len(RPCS) > 20
	assert sorted(_sections()) == sorted(RPCS)


@pytest.mark.parametrize("address", sorted(RPCS))
def test_verb_and_callers_of_an_rpc_are_right(address):
	_function, decorator = RPCS[address]
	options = {each.arg: each.value for each in decorator.keywords}
	heading = _sections()[address].strip().splitlines()[0]
	verb, _, callers = heading.partition(" · ")
	expected = f"`{ast.literal_eval(decorator.args[0])}`" + (", no POST" if "page" in options else "")
	assert verb == expected
	assert callers.startswith("public") == ("allow_guest" in options)
	assert (callers == "vendors") == ("vendors" in options)
	for role in _roles(options.get("roles")):
		assert role in callers
	assert (callers == "signed-in users") == (not {"allow_guest", "vendors", "roles"} & set(options))


@pytest.mark.parametrize("address", sorted(RPCS))
def test_every_parameter_of_an_rpc_is_described(address):
	arguments = RPCS[address][0].args
	parameters = {each.arg for each in [*arguments.args, *arguments.kwonlyargs]}
	assert parameters <= set(re.findall(r"`(\w+)`", _sections()[address]))
	assert parameters or "| parameter |" not in _sections()[address]


def _roles(value: ast.expr | None) -> list[str]:
	if isinstance(value, ast.Name):
		return ROLES[value.id]
	return list(ast.literal_eval(value)) if value else []
