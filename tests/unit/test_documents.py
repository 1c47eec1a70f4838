"""The documents in the repository: links lead somewhere, examples parse, named paths exist."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
	ROOT / name
	for name in subprocess.run(
		["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
	).stdout.split()
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A path of the repository in backticks: with a slash, beginning with one of its folders.
PATH = re.compile(r"`((?:medgrid|sandbox|tests|tools|benchmarks|docs|\.ci)/[\w./*{}-]*)`")
MODULE = re.compile(r"python3? -m ((?:sandbox|tools|benchmarks)[\w.]*)")

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def anchors_of(document: Path) -> set[str]:
	"""The anchors of its headings, as forges make them, and its own."""
	text = FENCE.sub("", document.read_text())
	headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
	own = set(re.findall(r'<a id="([\w-]+)">', text))
	return own | {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_documents():
	assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "UPGRADING.md"} <= {
		path.name for path in DOCUMENTS
	}


@documents
def test_every_relative_link_leads_somewhere(document):
	broken = []
	for match in LINK.finditer(FENCE.sub("", document.read_text())):
		target = match.group(1) or match.group(2)
		if re.match(r"[a-z]+:", target):
			continue
		path, _hash, anchor = target.partition("#")
		there = (document.parent / path).resolve() if path else document
		if not there.exists() or (anchor and anchor not in anchors_of(there)):
			broken.append(target)
	assert broken == []


@documents
def test_every_example_in_json_is_json(document):
	for language, content in FENCE.findall(document.read_text()):
		if language == "json" and "…" not in content:
			json.loads(content)


@documents
def test_every_path_that_is_named_exists(document):
	missing = [
		path
		for path in PATH.findall(document.read_text())
		if not list(ROOT.glob(re.sub(r"\{[^}]*\}", "*", path).rstrip("/")))
	]
	assert missing == []


@documents
def test_every_command_runs_a_module_of_the_repository(document):
	for name in MODULE.findall(document.read_text()):
		path = ROOT / name.replace(".", "/")
		assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), name


def test_the_map_fits_on_two_pages_and_a_decision_on_one():
	limits = {ROOT / "docs" / "architecture.md": 1200}
	decisions = set((ROOT / "docs" / "adr").glob("*.md")) - {ROOT / "docs" / "adr" / "README.md"}
	limits |= dict.fromkeys(decisions, 580)
	words = {path.name: len(path.read_text().split()) - limit for path, limit in limits.items()}
	assert {name: excess for name, excess in words.items() if excess > 0} == {}
