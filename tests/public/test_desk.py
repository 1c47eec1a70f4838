"""MedGrid's buttons on forms in Desk: when they are there, what they ask, what the reader sees."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import medgrid
from medgrid import hooks

FOLDER = Path(medgrid.__file__).parent
STUB = Path(__file__).parents[1] / "support" / "desk.mjs"
FORMS = [(doctype, FOLDER / path) for doctype, paths in hooks.doctype_js.items() for path in paths]
SENT = {"name": "SO-1", "docstatus": 1, "exoceuticals_order_id": "gid://shopify/Order/5"}
SUBMITTED = {"name": "SO-1", "docstatus": 1}
SEND, REFRESH, OPEN = "Send to Exoceuticals", "Refresh status", "Open in Shopify"
SETTINGS_BUTTONS = ["Install", "Test", "Sync catalog", "Sync inventory", "Register webhooks"]
SETTINGS_FIELDS: dict[str, dict] = {"exoceuticals_shop_domain": {}}


@pytest.fixture(scope="module")
def node() -> str:
	return shutil.which("node") or pytest.skip("node is not installed")


@pytest.fixture
def form(node):
	"""Opens a form in Desk's stand-in, and maybe presses a button."""

	def play(doctype: str, **asked) -> dict:
		files = [str(path) for name, path in FORMS if name == doctype]
		question = json.dumps({"doctype": doctype, "files": files, "roles": ["System Manager"], **asked})
		done = subprocess.run([node, str(STUB)], input=question, capture_output=True, text=True, timeout=60)
		assert done.returncode == 0, done.stderr
		return json.loads(done.stdout)

	return play


@pytest.fixture
def order(form):
	return lambda doc, **asked: form("Sales Order", doc=doc, **asked)


@pytest.fixture
def settings(form):
	return lambda **asked: form("System Settings", **{"fields": SETTINGS_FIELDS, **asked})


def labels(seen: dict) -> list[str]:
	assert {button["group"] for button in seen["buttons"]} <= {"Exoceuticals"}
	return [button["label"] for button in seen["buttons"]]


def answer(message) -> dict:
	return {"status": 200, "body": {"message": message}}


def failure(status: int, exc_type: str, sentence: str) -> dict:
	body = {
		"exc_type": exc_type,
		"exception": f"frappe.exceptions.{exc_type}: {sentence}",
		"_server_messages": json.dumps([{"message": sentence}]),
	}
	return {"status": status, "body": body}


@pytest.mark.parametrize(
	("doctype", "path"), FORMS, ids=[f"{doctype}: {path.name}" for doctype, path in FORMS]
)
def test_every_script_that_hooks_name_exists_and_is_javascript(node, doctype, path):
	assert path.is_file()
	done = subprocess.run([node, "--check", str(path)], capture_output=True, text=True)
	assert done.returncode == 0, done.stderr


def test_the_forms_get_the_scripts(site):
	from frappe.desk.form.meta import FormMeta

	for doctype, path in FORMS:
		assert path.read_text().strip() in FormMeta(doctype, cached=False).get("__js")


# Sales Order


@pytest.mark.parametrize(
	("doc", "expected"),
	[
		({"docstatus": 0}, []),
		(SUBMITTED, [SEND]),
		(SENT, [REFRESH, OPEN]),
		({"docstatus": 2}, []),
		({**SENT, "docstatus": 2}, [REFRESH, OPEN]),
	],
	ids=["draft", "submitted", "sent", "cancelled", "sent and cancelled"],
)
def test_an_orders_buttons_are_those_that_make_sense_now(order, doc, expected):
	assert labels(order(doc)) == expected


@pytest.mark.parametrize("role", ["Sales User", "Item Manager"])
def test_others_have_no_buttons(order, role):
	assert labels(order(SENT, roles=[role])) == []
	assert labels(order(SUBMITTED, roles=["Sales Manager"])) == [SEND]


def test_sending_asks_first_and_says_which_items_were_left_out(order):
	sent = {"status": "success", "exoceuticals_order_name": "#1001", "left_out": ["GLOVES", "<b>MASK"]}
	seen = order(SUBMITTED, press=SEND, answer=answer(sent))
	assert "SO-1" in seen["confirmed"][0]
	assert seen["calls"] == [["POST", "medgrid.exoceuticals.sync_to_exoceuticals", {"sales_order": "SO-1"}]]
	assert seen["reloads"] == 1
	[dialog] = seen["dialogs"]
	assert "#1001" in dialog
	assert "<li>GLOVES</li><li>&lt;b>MASK</li>" in dialog


def test_unsaved_changes_are_not_thrown_away(order):
	for doc, button in ((SUBMITTED, SEND), (SENT, REFRESH)):
		seen = order(doc, press=button, dirty=True)
		assert seen["dialogs"] == ["Save or discard your changes first."]
		assert (seen["calls"], seen["reloads"]) == ([], 0)


def test_refreshing_shows_the_new_status(order):
	seen = order(SENT, press=REFRESH, answer=answer("Fulfilled"))
	assert seen["calls"] == [
		["POST", "medgrid.exoceuticals.poll_exoceuticals_status", {"sales_order": "SO-1"}]
	]
	assert seen["alerts"] == ["Exoceuticals: Fulfilled"]
	assert seen["reloads"] == 1


def test_shopify_opens_in_a_tab_that_cannot_reach_back(order):
	url = "https://admin.shopify.com/store/mgt/orders/5"
	seen = order(SENT, press=OPEN, answer=answer({"url": url}))
	assert seen["calls"] == [["GET", "medgrid.exoceuticals.order_link", {"sales_order": "SO-1"}]]
	[tab] = seen["tabs"]
	assert (tab["url"], tab["closed"], tab["is_cut_off"]) == (url, False, True)


def test_where_new_tabs_are_blocked_there_is_a_link(order):
	url = "https://admin.shopify.com/store/mgt/orders/5"
	seen = order(SENT, press=OPEN, answer=answer({"url": url}), pop_ups_blocked=True)
	assert f'href="{url}"' in seen["dialogs"][0]


@pytest.mark.parametrize(
	("status", "exc_type"),
	[
		(400, "ValidationError"),
		(403, "PermissionError"),
		(404, "DoesNotExistError"),
		(409, "ConflictError"),
		(417, "ValidationError"),
		(429, "RateLimitExceededError"),
		(500, "Exception"),
	],
)
def test_a_failure_is_told_once_and_escaped(order, status, exc_type):
	sentence = "Shopify says: no <script> today."
	for doc, button in ((SUBMITTED, SEND), (SENT, REFRESH), (SENT, OPEN)):
		seen = order(doc, press=button, answer=failure(status, exc_type, sentence))
		assert seen["dialogs"] == ["Shopify says: no &lt;script> today."]
		assert seen["reloads"] == 0
		assert all(tab["closed"] for tab in seen["tabs"])


def test_without_a_network_the_reader_is_told(order):
	[dialog] = order(SENT, press=REFRESH, answer={"status": 0, "body": None})["dialogs"]
	assert "cannot be reached" in dialog


def test_an_ended_session_is_left_to_frappe(order):
	seen = order(SENT, press=REFRESH, answer=failure(401, "AuthenticationError", "Send the header."))
	assert seen["dialogs"] == []


# System Settings


def test_the_settings_have_their_buttons_once_the_fields_are_there(settings):
	assert labels(settings()) == SETTINGS_BUTTONS
	assert labels(settings(fields={})) == []


def test_installing_opens_shopify(settings):
	url = "https://mgt.myshopify.com/admin/oauth/authorize?client_id=1"
	seen = settings(press="Install", answer=answer({"install_url": url}))
	assert seen["calls"] == [["GET", "medgrid.exoceuticals.oauth_install_url", {}]]
	assert seen["tabs"][0]["url"] == url


def test_testing_says_what_is_wrong(settings):
	run = {"status": "Succeeded", "started": "2026-11-22 05:00:00", "finished": "2026-11-22 05:01:00"}
	health = {
		"status": "attention",
		"problems": ["The scope read_orders is not granted.", "<img>"],
		"shop": "mgt.myshopify.com",
		"token_works": True,
		"runs": {"catalog": run, "inventory": None},
		"events": {"days": 7, "received": 12, "failed": 1},
	}
	seen = settings(press="Test", answer=answer(health))
	assert seen["calls"] == [["GET", "medgrid.exoceuticals.health", {}]]
	[dialog] = seen["dialogs"]
	for part in (
		"needs attention",
		"<li>The scope read_orders is not granted.</li><li>&lt;img></li>",
		"Shop: mgt.myshopify.com",
		"Last run of catalog: Succeeded, 2026-11-22 05:01:00 UTC",
		"Last run of inventory: never",
		"Webhooks in 7 days: 12, failed: 1",
	):
		assert part in dialog


@pytest.mark.parametrize(
	("button", "method", "result", "parts"),
	[
		(
			"Sync catalog",
			"sync_catalog",
			{"status": "ok", "matched": 3, "unmatched_count": 2},
			["Done.", "linked to Items: 3", "without an Item: 2"],
		),
		(
			"Sync catalog",
			"sync_catalog",
			{"status": "error", "error": "Shopify <failed>.", "matched": 1, "unmatched_count": 0},
			["Shopify &lt;failed>.", "linked to Items: 1"],
		),
		(
			"Sync inventory",
			"sync_inventory",
			{"status": "running", "updated": 9, "warehouse": "Exo - M", "missing": ["A"], "notes": ["N."]},
			["background", "refreshed: 9", "Exo - M", "Not stocked at Shopify: A", "<li>N.</li>"],
		),
		(
			"Register webhooks",
			"register_webhooks",
			{"status": "ok", "webhooks": [{"topic": "A", "created": True}, {"topic": "B", "created": False}]},
			["A: registered now", "B: already registered"],
		),
	],
)
def test_a_button_shows_the_result_of_its_rpc(settings, button, method, result, parts):
	seen = settings(press=button, answer=answer(result))
	assert seen["calls"] == [["POST", f"medgrid.exoceuticals.{method}", {}]]
	[dialog] = seen["dialogs"]
	assert [part for part in parts if part not in dialog] == []
