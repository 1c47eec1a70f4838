"""No function of MedGrid calls itself, directly or through others of its module: data from outside would
decide how deep, and Python's stack ends at a thousand calls. Loops with a stack of their own do the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "medgrid"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# They call what they are given.
CALLERS = {"map", "filter", "sorted", "min", "max", "reduce"}


def calls_of(function: ast.AST) -> Iterator[str]:
	"""The names of the functions, and the methods of the same object, that a function calls."""
	for node in ast.walk(function):
		if not isinstance(node, ast.Call):
			continue
		called = [node.func]
		if isinstance(node.func, ast.Name) and node.func.id in CALLERS:
			called += [*node.args, *(keyword.value for keyword in node.keywords)]
		for each in called:
			if isinstance(each, ast.Name):
				yield each.id
			elif isinstance(each, ast.Attribute) and ast.unparse(each.value) in ("self", "cls"):
				yield f"self.{each.attr}"


def graph_of(tree: ast.Module) -> dict[str, set[str]]:
	graph: dict[str, set[str]] = {}
	for node in ast.walk(tree):
		if isinstance(node, ast.ClassDef):
			for method in (each for each in node.body if isinstance(each, FUNCTIONS)):
				graph[f"self.{method.name}"] = set(calls_of(method)) | graph.get(f"self.{method.name}", set())
		elif isinstance(node, ast.Module):
			for function in (each for each in ast.walk(node) if isinstance(each, FUNCTIONS)):
				graph.setdefault(function.name, set()).update(calls_of(function))
	methods = {name.removeprefix("self.") for name in graph if name.startswith("self.")}
	functions = {each.name for each in tree.body if isinstance(each, FUNCTIONS)}
	for name in methods - functions:
		# A method is reached through its object only.
		graph.pop(name, None)
	return graph


def cycles_in(graph: dict[str, set[str]]) -> set[str]:
	return {name for name in graph if name in _reached(graph, name)}


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
	reached: set[str] = set()
	waiting = [start]
	while waiting:
		for name in graph.get(waiting.pop(), set()) - reached:
			reached.add(name)
			waiting.append(name)
	return reached


def test_no_function_calls_itself():
	# One test for all: it would take longer to count 600 tests than to run them.
	modules = sorted(APP.rglob("*.py"))
	assert len(modules) > 500
	cycles = {
		str(path.relative_to(APP)): cycles_in(graph_of(ast.parse(path.read_text(encoding="utf-8"))))
		for path in modules
	}
	assert {path: names for path, names in cycles.items() if names} == {}


@pytest.mark.parametrize(
	"source",
	[
		"def walk(value):\n\tfor part in value:\n\t\twalk(part)",
		"def walk(value):\n\tfor part in value:\n\t\tyield from walk(part)",
		"def walk(value):\n\treturn [*map(walk, value)]",
		"def walk(value):\n\treturn max(map(other, value))\n\ndef other(value):\n\treturn walk(value)",
		"class A:\n\tdef walk(self, value):\n\t\treturn [self.walk(part) for part in value]",
		"def outer(value):\n\tdef walk(value):\n\t\treturn [walk(each) for each in value]\n\twalk(value)",
	],
)
def test_this_test_finds_recursion(source):
	assert cycles_in(graph_of(ast.parse(source)))
