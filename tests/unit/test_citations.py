"""The repository explains itself: it cites no paper that is not in it, and what it cites of its own documents
is there. The two contracts are published; `docs/glossary.md` says which is which."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SELF = "tests/unit/test_citations.py"
TEXTS = ("*.py", "*.js", "*.md", "*.html", "*.css", "*.toml", ".ci/run")
# A plan, a review or a ticket by its number: who has the repository has none of them.
ELSEWHERE = re.compile(
	r"""\b[Dd]esign(?:\s+\(\w+\)|\s+for\s+\w+)?:\s+(?:sections?\b|"|\d)
	| \b[Tt]he\s+design(?:'s|\s+prescribes|\s+says|\s+wants)
	| \b[Ff]indings?(?::|,)?\s+(?:[\w-]+\.md|[A-Z]\d)
	| \b[Ff]ield[ ]cases?\b
	| \b(?!docs/)(?<![/\w-])[a-z-]+\.md[ ][A-Z]?\d
	| \b[Ii]ssues?[ ]\d+[,:.)]
	| \b(?:mechanisms?|section)[ ]\d[\d.]*,[ ](?:row|section|mechanism)
	| \b[DF]\d{1,2}(?::|\)|,[ ][DF]\d)
	""",
	re.VERBOSE,
)
CITED = re.compile(r'(docs/[\w/-]+\.md)((?:(?:,|\s+and)\s+(?:"[^"\n]+"|`\w+`))*)')


def texts() -> dict[str, str]:
	listed = subprocess.run(
		["git", "ls-files", *TEXTS], cwd=ROOT, capture_output=True, text=True, check=True
	).stdout.split()
	paths = [path for path in listed if path != SELF and (ROOT / path).is_file()]
	return {path: (ROOT / path).read_text(encoding="utf-8") for path in paths}


def test_nothing_cites_what_is_not_here():
	found = {
		path: match.group() for path, text in texts().items() if (match := ELSEWHERE.search(unwrapped(text)))
	}
	assert found == {}


def test_what_is_cited_of_the_documents_is_there():
	missing = []
	for path, text in texts().items():
		if not path.endswith(".py"):
			continue
		for document, headings in CITED.findall(unwrapped(text)):
			file = ROOT / document
			if not file.exists():
				missing.append((path, document))
				continue
			known = [line.lstrip("# ") for line in file.read_text().splitlines() if line.startswith("#")]
			cited = re.findall(r'"([^"]+)"|`(\w+)`', headings)
			missing += [(path, name) for pair in cited for name in pair if name and name not in known]
	assert missing == []


def unwrapped(text: str) -> str:
	"""A text without its line breaks, so that a citation is found wherever it is wrapped."""
	return re.sub(r"\s*\n\s*(?:# )?", " ", text)


@pytest.mark.parametrize(
	"text",
	[
		"Books invoices. Design (Vertex): section 5.",
		"Sums. Design for Vertex:\nsections 4.5 and 6.1.",
		'Design: "Integration Issue".',
		"in the order that the design prescribes (D3)",
		"Findings: field-cases.md H4.",
		"One rounding. Findings F6 (2.675) and D12.",
		"# Field case A9.",
		"a topic that says more: contract.md D25.",
		"Pages. Issue 13, row 2.",
		"said so: issue\n16, section 1, mechanism 7",
		"D15: a territory is a division.",
	],
)
def test_this_test_finds_such_citations(text):
	assert ELSEWHERE.search(unwrapped(text))


@pytest.mark.parametrize(
	"text",
	[
		"RFC 6749, section 5.2",
		"See docs/adr/0032-an-invoice-is-booked-once.md.",
		"Contract B, section Errors",
		"an Integration Issue 3 days old",
		'{"title": "Vitamin D3", "sku": "VD3"}',
	],
)
def test_this_test_lets_others_pass(text):
	assert not ELSEWHERE.search(unwrapped(text))
