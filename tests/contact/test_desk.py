"""Releasing held messages in Desk: when the button and the action are there, and what they do."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import medgrid
from tests.support.contact_form import RELEASE

FOLDER = Path(medgrid.__file__).parent / "medgrid" / "doctype" / "contact_message"
STUB = Path(__file__).parents[1] / "support" / "desk.mjs"
HELD = {"name": "m1", "held": 1}
ALSO_HELD = {"name": "m2", "held": 1}
WAITING = {"name": "m3", "held": 0}


@pytest.fixture
def desk():
	"""Opens the form or the list in Desk's stand-in, and maybe presses Release."""
	node = shutil.which("node") or pytest.skip("node is not installed")

	def play(script: str, released: int = 0, **asked) -> dict:
		question = {
			"doctype": "Contact Message",
			"files": [str(FOLDER / script)],
			"roles": ["System Manager"],
			"answer": {"status": 200, "body": {"message": {"released": released}}},
			**asked,
		}
		done = subprocess.run(
			[node, str(STUB)], input=json.dumps(question), capture_output=True, text=True, timeout=60
		)
		assert done.returncode == 0, done.stderr
		return json.loads(done.stdout)

	return play


def labels(seen: dict) -> list[str]:
	return [button["label"] for button in seen["buttons"]]


@pytest.mark.parametrize(
	("doc", "roles", "expected"),
	[
		(HELD, ["System Manager"], ["Release"]),
		(WAITING, ["System Manager"], []),
		(HELD, ["Sales Manager"], []),
	],
	ids=["held", "not held", "another role"],
)
def test_the_form_has_a_button_for_a_held_message(desk, doc, roles, expected):
	assert labels(desk("contact_message.js", doc=doc, roles=roles)) == expected


def test_the_button_releases_the_message_and_leads_back_to_the_list(desk):
	seen = desk("contact_message.js", doc=HELD, press="Release", released=1)
	assert seen["calls"] == [["POST", RELEASE, {"names": ["m1"]}]]
	assert seen["alerts"] == ["The message is released."]
	assert seen["routes"] == [["List", "Contact Message"]]


def test_the_lists_action_releases_the_held_ones_of_those_that_are_chosen(desk):
	checked = [HELD, WAITING, ALSO_HELD]
	seen = desk("contact_message_list.js", checked=checked, press="Release", released=2)
	assert seen["indicators"] == ["Held", "Waiting", "Held"]
	assert seen["calls"] == [["POST", RELEASE, {"names": ["m1", "m2"]}]]
	assert seen["alerts"] == ["2 messages are released."]
	assert seen["reloads"] == 1


def test_the_lists_action_says_so_if_none_is_held(desk):
	seen = desk("contact_message_list.js", checked=[WAITING], press="Release")
	assert seen["calls"] == []
	assert seen["dialogs"] == ["None of the chosen messages is held."]


def test_others_have_no_action(desk):
	assert labels(desk("contact_message_list.js", checked=[HELD], roles=["Sales Manager"])) == []
