"""The tax connector's forms and lists in Desk: buttons, what they send, what the reader sees."""

import json
import shutil
import subprocess

import pytest

from medgrid import hooks
from tests.public.test_desk import FOLDER, FORMS, STUB

OK = {"status": 200, "body": {"message": {"name": "TD-1", "status": "Pending", "onboarding": "complete"}}}
REFUSED = {
	"status": 401,
	"body": {
		"title": "Vertex connection failed",
		"status": 401,
		"detail": "Authentication failure. Vertex rejected <the> credentials.",
	},
}
COMPANY = {"name": "M-1", "company": "Skydell Medical", "status": "Incomplete", "enabled": 1}
SHOP = {"name": "M-2", "shop": "a.myshopify.com", "status": "Complete", "enabled": 1}
STEPS = [
	{
		"title": "The app <b>",
		"state": "to do",
		"sentences": ["Enter it here."],
		"addresses": [["App URL", "https://x/app_open"]],
	},
	{"title": "Identity", "state": "optional", "sentences": ["None."], "addresses": []},
]
HEALTH = {"status": 200, "body": {"message": {"status": "ok", "problems": []}}}


@pytest.fixture(scope="module")
def node() -> str:
	return shutil.which("node") or pytest.skip("node is not installed")


@pytest.fixture
def play(node):
	def run(doctype: str, **asked) -> dict:
		files = [str(path) for name, path in FORMS if name == doctype]
		if "checked" in asked:
			folder = FOLDER / "medgrid/doctype" / doctype.lower().replace(" ", "_")
			files = [str(FOLDER / path) for path in hooks.doctype_list_js[doctype]]
			files.append(str(next(folder.glob("*_list.js"))))
		question = {"doctype": doctype, "files": files, "roles": ["System Manager"], "answers": {}, **asked}
		done = subprocess.run(
			[node, str(STUB)], input=json.dumps(question), capture_output=True, text=True, timeout=60
		)
		assert done.returncode == 0, done.stderr
		return json.loads(done.stdout)

	return run


def labels(seen):
	assert {button["group"] for button in seen["buttons"]} <= {"Vertex"}
	return [button["label"] for button in seen["buttons"]]


def said(seen):
	[dialog] = seen["dialogs"]
	return dialog


# Vertex Merchant


@pytest.mark.parametrize(
	("doc", "expected"),
	[
		(COMPANY, ["Test"]),
		(SHOP, ["Test", "New API credentials"]),
		({**SHOP, "status": "Uninstalled"}, []),
	],
)
def test_a_merchants_buttons(play, doc, expected):
	assert labels(play("Vertex Merchant", doc=doc)) == expected


def test_a_new_merchant_is_led_to_its_test(play):
	seen = play("Vertex Merchant", doc={"status": "Incomplete"}, is_new=True)
	assert labels(seen) == []
	assert "press Test" in seen["intros"][0][0]


def test_what_a_merchant_lacks_is_said_on_top_escaped(play):
	doc = {**COMPANY, "__onload": {"medgrid_problem": "Client ID <b> must be entered."}}
	assert play("Vertex Merchant", doc=doc)["intros"] == [["Client ID &lt;b> must be entered.", "orange"]]


def test_a_tax_account_is_one_of_the_company(play):
	filters = play("Vertex Merchant", doc=COMPANY)["queries"]["tax_account"]["filters"]
	assert filters == {"company": "Skydell Medical", "account_type": "Tax", "is_group": 0, "disabled": 0}


def test_a_good_test_says_so(play):
	seen = play("Vertex Merchant", doc=COMPANY, press="Test", answers={"test_merchant": OK})
	assert seen["calls"] == [["POST", "test_merchant", {"merchant": "M-1"}]]
	assert seen["headers"]["Content-Type"] == "application/json"
	assert seen["headers"]["X-Frappe-CSRF-Token"] == "token-of-the-session"
	assert said(seen) == "<p>Vertex accepts the credentials.</p>"
	assert (seen["reloads"], seen["frozen"][-1]) == (1, None)


def test_a_bad_test_says_why_and_the_form_shows_the_new_status(play):
	seen = play("Vertex Merchant", doc=COMPANY, press="Test", answers={"test_merchant": REFUSED})
	assert said(seen) == "<p>Authentication failure. Vertex rejected &lt;the> credentials.</p>"
	assert seen["reloads"] == 1


def test_without_a_network_the_user_is_told(play):
	assert "cannot be reached" in said(play("Vertex Merchant", doc=COMPANY, press="Test"))


def test_what_is_not_saved_is_not_tested(play):
	seen = play("Vertex Merchant", doc=COMPANY, press="Test", dirty=True)
	assert seen["calls"] == []
	assert "Save the merchant first" in said(seen)


def test_new_credentials_are_shown_once_after_a_question(play):
	made = {"status": 200, "body": {"message": {"username": "shopify-abc", "password": "p4ss"}}}
	answers = {"api_credentials": made}
	seen = play("Vertex Merchant", doc=SHOP, press="New API credentials", answers=answers)
	assert len(seen["confirmed"]) == 1
	assert seen["calls"] == [["POST", "api_credentials", {"shop": "a.myshopify.com"}]]
	assert "shopify-abc" in said(seen) and "p4ss" in said(seen)


# Vertex Settings


def settings(play, **asked):
	doc = {"__onload": {"medgrid_steps": STEPS}, "identity_issuer": "", **asked.pop("doc", {})}
	return play("Vertex Settings", doc=doc, fields={"guide": {}}, **asked)


def test_the_guide_has_the_steps_and_the_addresses_to_copy(play):
	seen = settings(play)
	assert labels(seen) == ["Test"]
	assert "The app &lt;b>" in seen["guide"]
	assert 'data-copy="https://x/app_open"' in seen["guide"]
	assert "To do" in seen["guide"] and "Optional" in seen["guide"] and "Enter it here." in seen["guide"]


def test_the_connectors_test_says_what_needs_attention(play):
	bad = {"status": 200, "body": {"message": {"status": "attention", "problems": ["A: no account."]}}}
	seen = settings(play, press="Test", answers={"health": bad})
	assert said(seen) == "<p>The connector needs attention.</p><p>A: no account.</p>"
	assert "The connector works." in said(settings(play, press="Test", answers={"health": HEALTH}))


def test_the_identity_server_is_tested_with_it(play):
	doc = {"identity_issuer": "https://id"}
	good = {"status": 200, "body": {"message": {"issuer": "https://id", "audience": "a", "keys": 2}}}
	seen = settings(play, press="Test", doc=doc, answers={"health": HEALTH, "test_identity": good})
	assert "Tokens of https://id are checked with its public keys: 2." in said(seen)
	down = {"status": 503, "body": {"detail": "Server is not ready."}}
	seen = settings(play, press="Test", doc=doc, answers={"health": HEALTH, "test_identity": down})
	assert "needs attention" in said(seen) and "The identity server: Server is not ready." in said(seen)


# Vertex Tax Document

FAILED = {"name": "TD-1", "status": "Failed", "error": "Vertex refused <it>."}


@pytest.mark.parametrize(
	("changes", "roles", "expected"),
	[
		({}, ["System Manager"], ["Retry"]),
		({"status": "Pending"}, ["Accounts Manager"], ["Retry"]),
		({}, ["Sales Manager"], []),
		({"status": "Committed"}, ["System Manager"], []),
		({"status": "In Doubt"}, ["System Manager"], []),
		({"redaction": "Done"}, ["System Manager"], []),
	],
)
def test_who_may_retry_what(play, changes, roles, expected):
	assert labels(play("Vertex Tax Document", doc={**FAILED, **changes}, roles=roles)) == expected


def test_the_reason_is_on_top(play):
	assert play("Vertex Tax Document", doc=FAILED)["intros"] == [["Vertex refused &lt;it>.", "red"]]
	doc = {"name": "TD-2", "status": "Committed", "mismatch": 1}
	assert "another tax" in play("Vertex Tax Document", doc=doc)["intros"][0][0]


def test_a_retry_sends_the_document(play):
	seen = play("Vertex Tax Document", doc=FAILED, press="Retry", answers={"retry_document": OK})
	assert seen["calls"] == [["POST", "retry_document", {"doctype": "Vertex Tax Document", "name": "TD-1"}]]
	assert (len(seen["alerts"]), seen["reloads"]) == (1, 1)


# Lists


def test_the_list_of_merchants_shows_states_and_tests_several(play):
	checked = [COMPANY, {**SHOP, "enabled": 0}, {**SHOP, "name": "M-3", "status": "Uninstalled"}]
	answers = {"test_merchant": OK}
	seen = play("Vertex Merchant", checked=checked, press="Test", answers=answers)
	assert seen["indicators"] == ["Incomplete", "Disabled", "Uninstalled"]
	assert [call[2]["merchant"] for call in seen["calls"]] == ["M-1", "M-2"]
	assert "Skydell Medical: Vertex accepts the credentials." in said(seen)
	seen = play("Vertex Merchant", checked=checked, press="Test", answers={"test_merchant": REFUSED})
	assert "a.myshopify.com: Authentication failure." in said(seen)


def test_the_list_of_tax_documents_sends_several_again(play):
	checked = [FAILED, {"name": "TD-2", "status": "Committed", "mismatch": 1}]
	answers = {"retry_document": OK}
	seen = play("Vertex Tax Document", checked=checked, press="Retry", answers=answers)
	assert seen["indicators"] == ["Failed", "Mismatch"]
	assert [call[2]["name"] for call in seen["calls"]] == ["TD-1"]
	nothing = play("Vertex Tax Document", checked=checked[1:], press="Retry")
	assert (nothing["calls"], "None of the chosen" in said(nothing)) == ([], True)
