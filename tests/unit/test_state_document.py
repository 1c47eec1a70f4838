"""`docs/state.md` names the words of every key that MedGrid has in Redis."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "state.md"
MAKER = "redis_key"


def words_of(call: ast.Call) -> str:
	"""The constant parts of a key; the site, hashes and names of merchants are none."""
	parts = [part.value for part in call.args if isinstance(part, ast.Constant)]
	return ":".join(str(part) for part in parts if part)


def keys_in(source: str) -> Iterator[str]:
	for node in ast.walk(ast.parse(source)):
		if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
			name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
			if name == MAKER:
				yield words_of(node)


def keys_of_the_code() -> set[str]:
	return {key for file in (ROOT / "medgrid").rglob("*.py") for key in keys_in(file.read_text())}


def keys_of_the_document() -> list[str]:
	"""The second column of the table about Redis."""
	section = DOCUMENT.read_text().partition("## In Redis")[2]
	rows = [line.split("|") for line in section.splitlines() if line.startswith("|")]
	return [key for row in rows for key in re.findall(r"`([^`]+)`", row[2])]


def test_the_words_of_a_key_are_its_constant_parts():
	source = 'redis_key("a", site, f"{{{name}}}", "b c", hashed=who); keys.redis_key("d", ""); other("e")'
	assert list(keys_in(source)) == ["a:b c", "d"]


def test_the_table_has_the_keys_of_the_code_and_no_others():
	documented = keys_of_the_document()
	assert len(documented) > 15
	assert sorted(documented) == sorted(keys_of_the_code())
