"""MedGrid's buttons on Supplier and on its list: inviting people to the portal, and who has access."""

import json
import subprocess

import pytest

from medgrid import hooks
from tests.public.test_desk import FOLDER, STUB, answer, failure, node

__all__ = ["node"]
INVITE, ACCESS = "Invite to the portal", "Portal access"
SUPPLIER = {"name": "Harbor & Co", "email_id": "orders@harbor.example"}
ADA = {"user": "ada@harbor.example", "state": "invited", "mailed": True, "warnings": []}


@pytest.fixture
def play(node):
	"""Opens the form, or with `checked` the list, in Desk's stand-in, and maybe presses a button."""

	def play(**asked) -> dict:
		paths = (hooks.doctype_list_js if "checked" in asked else hooks.doctype_js)["Supplier"]
		files = [str(FOLDER / path) for path in paths]
		question = {"doctype": "Supplier", "files": files, "roles": ["System Manager"], **asked}
		done = subprocess.run(
			[node, str(STUB)], input=json.dumps(question), capture_output=True, text=True, timeout=60
		)
		assert done.returncode == 0, done.stderr
		return json.loads(done.stdout)

	return play


@pytest.mark.parametrize(
	("asked", "expected"),
	[
		({"doc": SUPPLIER}, [INVITE, ACCESS]),
		({"doc": {**SUPPLIER, "disabled": 1}}, []),
		({"doc": SUPPLIER, "is_new": True}, []),
		({"doc": SUPPLIER, "roles": ["Purchase Manager"]}, []),
	],
	ids=["enabled", "disabled", "new", "somebody else"],
)
def test_the_buttons_are_those_that_make_sense(play, asked, expected):
	assert [button["label"] for button in play(**asked)["buttons"]] == expected


def test_inviting_asks_for_the_address_and_says_that_the_mail_is_on_its_way(play):
	typed = {"email": "ada@harbor.example", "first_name": "Ada"}
	seen = play(doc=SUPPLIER, press=INVITE, typed=typed, answer=answer(ADA))
	assert seen["prompts"] == [[["email", "orders@harbor.example"], ["first_name", None]]]
	assert seen["calls"] == [
		["POST", "medgrid.integrations.invite_vendor", {"supplier": "Harbor & Co", **typed}]
	]
	assert seen["dialogs"] == ["<p>ada@harbor.example is invited; the mail is on its way.</p>"]
	assert seen["reloads"] == 1


def test_warnings_are_shown_escaped(play):
	warned = {**ADA, "mailed": False, "warnings": ["No Item names <b>Harbor</b>."]}
	seen = play(doc=SUPPLIER, press=INVITE, typed={"email": ADA["user"]}, answer=answer(warned))
	[dialog] = seen["dialogs"]
	assert (
		dialog == "<p>ada@harbor.example has access.</p><ul><li>No Item names &lt;b>Harbor&lt;/b>.</li></ul>"
	)


def test_a_refusal_is_said_and_nothing_is_reloaded(play):
	refused = failure(417, "ValidationError", "The user a@b.example is disabled. Enable the user first.")
	seen = play(doc=SUPPLIER, press=INVITE, typed={"email": "a@b.example"}, answer=refused)
	assert seen["dialogs"] == ["The user a@b.example is disabled. Enable the user first."]
	assert seen["reloads"] == 0


def test_unsaved_changes_are_not_lost(play):
	seen = play(doc=SUPPLIER, press=INVITE, dirty=True)
	assert (seen["prompts"], seen["calls"]) == ([], [])


def test_who_has_access_is_shown(play):
	users = [
		{"user": "ada@harbor.example", "full_name": "Ada", "state": "accepted"},
		{"user": "bob@harbor.example", "full_name": "<Bob>", "state": "invited"},
	]
	seen = play(doc=SUPPLIER, press=ACCESS, answer=answer({"users": users, "warnings": ["No Item."]}))
	[dialog] = seen["dialogs"]
	assert "Ada (ada@harbor.example): has signed in" in dialog
	assert "&lt;Bob> (bob@harbor.example): invited, has not signed in yet" in dialog
	assert dialog.endswith("<ul><li>No Item.</li></ul>")
	nobody = play(doc=SUPPLIER, press=ACCESS, answer=answer({"users": [], "warnings": []}))
	assert nobody["dialogs"] == ["<p>Nobody has access yet.</p>"]


def test_a_list_of_suppliers_is_invited_and_says_who_was_not(play):
	checked = [SUPPLIER, {"name": "Summit"}]
	invitations = [
		{"supplier": "Harbor & Co", **ADA},
		{"supplier": "Summit", "error": "Summit has no e-mail address."},
	]
	seen = play(checked=checked, press=INVITE, answer=answer({"invitations": invitations}))
	[call] = seen["calls"]
	assert json.loads(call[2]["suppliers"]) == ["Harbor & Co", "Summit"]
	assert seen["dialogs"] == ["<p>Mails sent: 1</p><ul><li>Summit: Summit has no e-mail address.</li></ul>"]
	assert play(checked=checked, roles=["Purchase Manager"])["buttons"] == []
