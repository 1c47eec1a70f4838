"""The commands that README.md and docs/api.md show of a merchant's life run as they are typed, and answer
what the documents say."""

import json

import frappe
import pytest

from sandbox.demo.cast import EXAMPLES_CLIENT, EXAMPLES_SHOP
from sandbox.status import shell_variables
from tests.support import documents
from tests.support.connector import APP_ID, APP_SECRET
from tests.support.http import message
from tests.support.vertex import COMPANY

pytestmark = pytest.mark.stand_in

DOCUMENTS = ["README.md", "docs/api.md"]


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
