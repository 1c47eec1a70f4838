"""The commands that README.md and docs/api.md show of a merchant's life run as they are typed, and answer
what the documents say."""

import json
import re
from itertools import pairwise

import frappe
import pytest

from sandbox import cli
from sandbox.demo.cast import EXAMPLES_CLIENT, EXAMPLES_SHOP
from sandbox.simulators.operations import command as operations
from sandbox.status import shell_variables
from tests.support import documents
from tests.support.connector import APP_ID, APP_SECRET
from tests.support.http import message
from tests.support.vertex import COMPANY

pytestmark = pytest.mark.stand_in

DOCUMENTS = ["README.md", "docs/api.md"]
DOCS = documents.ROOT / "docs"


@pytest.fixture
def variables(environment, manager, connector, identity, shopify):
	"""What `python3 -m sandbox status --shell` says of the demo site, of this site."""
	# What other tests have booked, or have not, is no part of the example.
	frappe.db.delete("Vertex Tax Document", {"name": ("like", "%")})
	frappe.db.commit()
	shopify.add_shop(EXAMPLES_SHOP)
	identity.add_client(*EXAMPLES_CLIENT, kind="cloud")
	answer = connector.post("medgrid.vertex.app_uninstall", shop=EXAMPLES_SHOP)
	if answer.status_code != 404:
		message(answer)

	def keys(person):
		names = ("api_key", "api_secret", "authorization")
		return {name: getattr(person, name) for name in names}

	def token(person):
		return {"token": f"{person.api_key}:{person.api_secret}"}

	return shell_variables(
		{
			"site": {"url": environment.url},
			"users": [keys(manager.user)],
			"vertex": {
				"connector": token(connector.user),
				"company": COMPANY,
				"shopify_app": {"client_id": APP_ID, "client_secret": APP_SECRET},
				"identity": {"token_url": f"{environment.simulators['vertex']}/_control/identity_token"},
			},
		}
	)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_run_as_typed_and_answer_what_the_document_says(variables, tmp_path, name):
	listed = documents.commands(documents.ROOT / name)
	assert len(listed) >= 8
	problems = []
	for command, result in zip(listed, documents.run(listed, variables, tmp_path), strict=True):
		found = [f"exit status {result.status}: {result.errors}"] if result.status else []
		if command.answer is not None:
			found += _differences(command.answer, result.output)
		problems += [f"{command.text}→ {problem}" for problem in found]
	assert not problems, "\n".join(problems)


def _differences(promised, output):
	try:
		answer = json.loads(output)
	except ValueError:
		return [f"it is no JSON: {output[:300]!r}"]
	return [f"{difference}\n{output[:600]}" for difference in documents.differences(promised, answer)]


# What the documents show without a merchant: commands of the sandbox, and calls of the first contract's RPCs.

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SET_UP = 'eval "$(python3 -m sandbox status --shell)"'
SANDBOX = re.compile(r"python3 -m sandbox\b([^`\n#]*)")
GUIDES = [
	"README.md",
	"CONTRIBUTING.md",
	"UPGRADING.md",
	*sorted(f"docs/{p.name}" for p in DOCS.glob("*.md")),
]
# What a call of an example needs to be there: the demo's own data, or what stands for the reader's.
DEMO_DATA = (
	"…",
	"ShipStation Warehouse - SM",
	"SAL-ORD-2026-",
	"summit-clinical",
	"sync_now",
	"sync_catalog",
)


def sandbox_commands():
	texts = [(documents.ROOT / name).read_text(encoding="utf-8") for name in GUIDES]
	found = [words.strip(' )"') for text in texts for words in SANDBOX.findall(text)]
	return sorted({words for words in found if words})


@pytest.mark.parametrize("words", sandbox_commands())
def test_every_command_of_the_sandbox_that_a_document_names_is_one(words):
	options, rest = cli._parser().parse_known_args(words.split())
	assert options.action
	assert not rest or options.command in ("test", "unit", "bench")
	if options.command == "do" and options.words:
		chosen = operations.chosen(options.words)
		chosen[1].typed(chosen[2])


def calls():
	found = []
	fences = FENCE.findall((documents.ROOT / "README.md").read_text(encoding="utf-8"))
	for (kind, text), (_kind, answer) in pairwise(fences):
		if not kind and text.startswith("curl") and not any(part in text for part in DEMO_DATA):
			found.append(pytest.param(text, answer, id=text.partition("medgrid.")[2].partition('"')[0]))
	return found


@pytest.mark.parametrize(("text", "answer"), calls())
def test_the_readmes_calls_run_as_typed_and_answer_in_the_shape_that_it_shows(
	variables, tmp_path, text, answer
):
	listed = [documents.Command(SET_UP), documents.Command(text)]
	_set_up, result = documents.run(listed, variables, tmp_path)
	assert result.status == 0, result.errors
	# "…" at the end of a list: and so on.
	promised, actual = json.loads(re.sub(r",\s*…", "", answer)), json.loads(result.output)
	assert list(actual) == list(promised)
	if isinstance(promised.get("message"), list):
		assert all(list(row) == list(promised["message"][0]) for row in actual["message"])
	elif "message" in promised:
		assert actual["message"] == promised["message"]
	else:
		assert actual == promised
