"""The panel "Vendors and store" on forms in Desk, the buttons on Vendor Connection, and the issues."""

import json
import subprocess

import pytest

from tests.public.test_desk import FOLDER, STUB, answer, failure, form, node

__all__ = ["form", "node"]
HOSTILE = "<img src=x onerror=alert(1)>"
WAITING = {
	"supplier": "Harbor",
	"record": "SHO-1",
	"sales_order": "SO-1",
	"state": "failed",
	"since": "2026-11-27 06:00:00",
	"reason": "The state is missing.",
	"who_acts": "wholesaler",
	"attempts": 7,
	"next_attempt_at": None,
	"parcels": [],
	"can_retry": True,
}
PARCEL = {
	"carrier": "ups",
	"tracking_number": "1Z9",
	"tracking_url": "https://ups.example/1Z9",
	"voided": False,
}
SHIPPED = {
	**WAITING,
	"supplier": "Summit",
	"record": "SHO-2",
	"state": "shipped",
	"reason": None,
	"who_acts": "nobody",
	"parcels": [PARCEL, {**PARCEL, "tracking_number": "OLD", "voided": True}],
	"can_retry": False,
}
STORE = {
	"sales_order": "SO-1",
	"state": "sent",
	"reason": None,
	"who_acts": "nobody",
	"order_name": "#1001",
	"attempts": 1,
	"tracking_number": None,
}
FORMS = {
	"Sales Order": {"name": "SO-1", "docstatus": 1},
	"Delivery Note": {"name": "DN-1", "docstatus": 1},
	"Supplier": {"name": "Harbor"},
}


def panel(*vendors, store=(), connections=(), may_retry=True) -> dict:
	found = {"vendors": vendors, "store": store, "connections": connections, "may_retry": may_retry}
	return {"panel": answer(found)}


def retries(seen) -> list[str]:
	return [button["label"] for button in seen["buttons"] if button["label"].startswith("Retry")]


@pytest.mark.parametrize("doctype", FORMS)
def test_the_panel_is_read_for_this_document_and_shows_each_vendor(form, doctype):
	seen = form(doctype, doc=FORMS[doctype], **panel(WAITING, SHIPPED, store=[STORE]))
	arguments = {"doctype": doctype, "name": FORMS[doctype]["name"]}
	assert seen["panels"] == [["GET", "medgrid.integrations.vendors_and_store", arguments]]
	[[title, html]] = seen["sections"]
	assert title == "Vendors and store"
	for text in ("Failed", "The state is missing.", "Wholesaler", "<td>7</td>", "Shipped", "#1001"):
		assert text in html
	assert '<a href="https://ups.example/1Z9" target="_blank" rel="noopener noreferrer">1Z9</a>' in html
	assert "OLD" not in html and 'href="/app/shipstation-order/SHO-1"' in html


def test_the_connections_of_a_supplier_are_in_the_panel(form):
	connection = {
		"name": "abc",
		"integration": "shipstation",
		"account": "default",
		"status": "error",
		"last_sync_at": None,
		"next_sync_at": None,
		"last_error": "Invalid API Key or Secret.",
	}
	seen = form("Supplier", doc=FORMS["Supplier"], **panel(connections=[connection]))
	[[_title, html]] = seen["sections"]
	assert "Invalid API Key or Secret." in html and "Needs attention" in html
	assert 'href="/app/vendor-connection/abc"' in html


def test_text_of_others_is_text(form):
	parcel = {**PARCEL, "carrier": HOSTILE, "tracking_number": HOSTILE, "tracking_url": None}
	entry = {**WAITING, "supplier": HOSTILE, "reason": HOSTILE, "parcels": [parcel]}
	seen = form(
		"Sales Order", doc=FORMS["Sales Order"], **panel(entry, store=[{**STORE, "order_name": HOSTILE}])
	)
	[[_title, html]] = seen["sections"]
	assert "<img" not in html and html.count("&lt;img") == 5


@pytest.mark.parametrize(
	("doctype", "doc", "asked"),
	[
		("Sales Order", {"name": "SO-1", "docstatus": 0}, {}),
		("Sales Order", FORMS["Sales Order"], {"is_new": True}),
		("Supplier", FORMS["Supplier"], {"roles": ["Website Manager"]}),
	],
	ids=["a draft", "a new one", "nobody of the office"],
)
def test_where_there_is_nothing_to_say_nothing_is_read(form, doctype, doc, asked):
	seen = form(doctype, doc=doc, **panel(WAITING), **asked)
	assert seen["panels"] == seen["sections"] == []


@pytest.mark.parametrize(
	"refused", [failure(403, "PermissionError", "You may not read it."), {"status": 0, "body": None}]
)
def test_a_panel_that_cannot_be_read_is_left_out_without_a_word(form, refused):
	seen = form("Delivery Note", doc=FORMS["Delivery Note"], panel=refused)
	assert seen["sections"] == seen["dialogs"] == seen["alerts"] == []


def test_only_what_can_be_retried_has_a_button_and_only_for_those_who_may(form):
	asked = {"doc": FORMS["Sales Order"], "roles": ["Sales User"]}
	assert retries(form("Sales Order", **asked, **panel(WAITING, SHIPPED))) == ["Retry Harbor"]
	assert retries(form("Sales Order", **asked, **panel(WAITING, may_retry=False))) == []
	assert retries(form("Supplier", doc=FORMS["Supplier"], **panel(WAITING))) == ["Retry SO-1"]
	nobody = {**WAITING, "supplier": None}
	assert retries(form("Sales Order", **asked, **panel(nobody))) == []


def test_retrying_says_what_came_of_it_and_reads_the_form_again(form):
	asked = {"doc": FORMS["Sales Order"], "press": "Retry Harbor", **panel(WAITING)}
	seen = form("Sales Order", **asked, answer=answer({"ok": True, "retried": True}))
	[call] = seen["calls"]
	assert call == [
		"POST",
		"medgrid.integrations.retry_vendor_order",
		{"sales_order": "SO-1", "supplier": "Harbor"},
	]
	assert seen["alerts"] == ["SO-1 is due again; it is sent within minutes."] and seen["reloads"] == 1
	seen = form("Sales Order", **asked, answer=answer({"ok": True, "retried": False}))
	assert seen["alerts"] == ["There is nothing to retry any more."]
	refused = failure(404, "DoesNotExistError", "There is no order SO-1 of yours.")
	seen = form("Sales Order", **asked, answer=refused)
	assert seen["dialogs"] == ["There is no order SO-1 of yours."] and seen["reloads"] == 0


# Vendor Connection

CONNECTION = {
	"name": "abc",
	"supplier": "Harbor & Co",
	"integration": "shipstation",
	"account_name": "default",
	"status": "connected",
}
BUTTONS = ["Test", "Sync", "Pause"]


@pytest.mark.parametrize(
	("changes", "asked", "expected"),
	[
		({}, {}, BUTTONS),
		({"status": "error"}, {}, BUTTONS),
		({"paused_at": "2026-11-27 06:00:00"}, {}, ["Test", "Resume"]),
		({"status": "not_connected"}, {}, []),
		({"integration": "sendblue", "supplier": None}, {}, []),
		({}, {"roles": ["Sales Manager"]}, []),
	],
)
def test_a_connection_has_the_buttons_that_make_sense(form, changes, asked, expected):
	seen = form("Vendor Connection", doc={**CONNECTION, **changes}, **asked)
	assert [button["label"] for button in seen["buttons"]] == expected


def test_a_connection_says_whose_it_is_or_what_is_wrong(form):
	assert form("Vendor Connection", doc=CONNECTION)["intros"] == [
		["Harbor &amp; Co · shipstation · default", "blue"]
	]
	seen = form("Vendor Connection", doc={**CONNECTION, "last_error": HOSTILE})
	assert seen["intros"] == [["&lt;img src=x onerror=alert(1)>", "red"]]


@pytest.mark.parametrize(
	("button", "action"), [("Test", "test"), ("Sync", "sync"), ("Pause", "pause"), ("Resume", "resume")]
)
def test_a_button_acts_for_the_vendor_and_says_so(form, button, action):
	doc = {**CONNECTION, "paused_at": "2026-11-27 06:00:00" if button == "Resume" else None}
	seen = form("Vendor Connection", doc=doc, press=button, answer=answer({"ok": True, "error": None}))
	assert seen["calls"] == [
		["POST", "medgrid.integrations.act_for_vendor", {"connection": "abc", "action": action}]
	]
	assert len(seen["alerts"]) == 1 and seen["reloads"] == 1 and seen["dialogs"] == []


def test_a_test_that_fails_says_why(form):
	outcome = {"ok": False, "error": f"Invalid {HOSTILE}"}
	seen = form("Vendor Connection", doc=CONNECTION, press="Test", answer=answer(outcome))
	assert seen["dialogs"] == ["Invalid &lt;img src=x onerror=alert(1)>"] and seen["alerts"] == []


# Integration Issue


def test_the_list_of_issues_says_who_has_to_act(node):
	path = FOLDER / "medgrid/doctype/integration_issue/integration_issue_list.js"
	checked = [
		{"name": "1", "who_acts": "Vendor"},
		{"name": "2", "who_acts": "Wholesaler"},
		{"name": "3", "who_acts": "Administrator"},
		{"name": "4", "who_acts": "Nobody"},
		{"name": "5", "who_acts": "Vendor", "settled_at": "2026-11-27 06:00:00"},
	]
	question = {"doctype": "Integration Issue", "files": [str(path)], "roles": [], "checked": checked}
	done = subprocess.run(
		[node, str(STUB)], input=json.dumps(question), capture_output=True, text=True, timeout=60
	)
	assert done.returncode == 0, done.stderr
	assert json.loads(done.stdout)["indicators"] == [
		"Vendor acts",
		"Wholesaler acts",
		"Administrator acts",
		"Nobody has to act",
		"Settled",
	]
