"""/portal/settings: a user's own API keys. Contract: "Generate API Credentials"."""

import subprocess

import pytest
import requests
from playwright.sync_api import expect

from tests.support import people


@pytest.fixture
def keyless(site):
	return people.keyless()


def who(environment, key: str, secret: str) -> requests.Response:
	headers = {**environment.headers, "Authorization": f"token {key}:{secret}", "Accept": "application/json"}
	return requests.get(f"{environment.url}/api/method/frappe.auth.get_logged_user", headers=headers)


def keys_in(page) -> tuple[str, str]:
	return page.locator("#api-key").inner_text(), page.locator("#api-secret").inner_text()


def test_keys_are_made_shown_once_replaced_and_revoked(visit, environment, keyless):
	visitor = visit(keyless)
	page = visitor.open("/portal/settings")
	expect(page.get_by_text("You have no keys yet.")).to_be_visible()
	visitor.keep_picture("settings-no-keys")

	page.get_by_role("button", name="Generate Keys").click()
	notice = page.get_by_role("status").filter(has_text="Copy the secret now: it is not shown again.")
	expect(notice).to_be_focused()
	key, secret = keys_in(page)
	assert who(environment, key, secret).json()["message"] == keyless.email
	visitor.keep_picture("settings-new-keys")

	page.reload()
	expect(page.locator("#api-key")).to_have_text(key)
	assert secret not in page.content()
	expect(page.get_by_text("The secret was shown once")).to_be_visible()
	visitor.keep_picture("settings-keys")

	dialog = page.get_by_role("dialog", name="Generate a new secret?")
	page.get_by_role("button", name="Generate new secret").click()
	dialog.get_by_role("button", name="Cancel").click()
	assert who(environment, key, secret).status_code == 200
	page.get_by_role("button", name="Generate new secret").click()
	dialog.get_by_role("button", name="Generate new secret").click()
	expect(notice).to_be_focused()
	new_key, new_secret = keys_in(page)
	assert (new_key, new_secret) == (key, new_secret) and new_secret != secret
	assert who(environment, key, secret).status_code == 401
	assert who(environment, new_key, new_secret).status_code == 200

	page.get_by_role("button", name="Revoke keys").click()
	page.get_by_role("dialog", name="Revoke your keys?").get_by_role("button", name="Revoke keys").click()
	expect(page.get_by_text("Your keys are revoked.")).to_be_visible()
	expect(page.get_by_text("You have no keys yet.")).to_be_visible()
	assert new_secret not in page.content()
	assert who(environment, new_key, new_secret).status_code == 401


def test_what_is_copied_works_as_it_is(visit, environment, keyless):
	visitor = visit(keyless, permissions=["clipboard-read", "clipboard-write"])
	page = visitor.open("/portal/settings")
	page.get_by_role("button", name="Generate Keys").click()
	copied = page.get_by_text("Copied.")
	for name, number in (("Copy the API Key", 0), ("Copy the API Secret", 1)):
		page.get_by_role("button", name=name).click()
		expect(copied).to_be_visible()
		assert page.evaluate("navigator.clipboard.readText()") == keys_in(page)[number]
	page.get_by_role("button", name="Copy the command").click()
	page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('curl '))")
	command = page.evaluate("navigator.clipboard.readText()")
	assert "API_SECRET" not in command and keys_in(page)[1] in command
	# The sample's address is the site's; a bench's site is reached at the tests' own port, with a header.
	site_address = page.locator("#curl span").first.inner_text()
	command = command.replace(site_address, environment.url)
	for name, value in environment.headers.items():
		command += f" -H '{name}: {value}'"
	answer = subprocess.run(
		["bash", "-c", f"{command} --silent --show-error"], capture_output=True, text=True
	)
	assert answer.returncode == 0, answer.stderr
	assert answer.stdout.startswith('{"message":[{"name":'), answer.stdout


def test_a_browser_that_does_not_let_us_copy_selects_the_text(visit, keyless):
	visitor = visit(keyless)
	page = visitor.page
	page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
	visitor.open("/portal/settings")
	page.get_by_role("button", name="Generate Keys").click()
	page.get_by_role("button", name="Copy the API Secret").click()
	expect(page.get_by_text("Select the text and copy it yourself.")).to_be_visible()
	assert page.evaluate("getSelection().toString()") == keys_in(page)[1]


def test_the_keyboard_is_enough(visit, keyless):
	page = visit(keyless).open("/portal/settings")
	page.get_by_role("main").focus()
	page.keyboard.press("Tab")
	expect(page.get_by_role("button", name="Generate Keys")).to_be_focused()
	page.keyboard.press("Enter")
	expect(page.locator("#secret-notice")).to_be_focused()
	page.keyboard.press("Tab")
	expect(page.get_by_role("button", name="Generate new secret")).to_be_focused()
	page.keyboard.press("Tab")
	page.keyboard.press("Enter")
	expect(page.get_by_role("dialog")).to_be_visible()
	page.keyboard.press("Tab")
	expect(page.get_by_role("dialog").get_by_role("button", name="Revoke keys")).to_be_focused()
	page.keyboard.press("Enter")
	expect(page.get_by_role("heading", name="API Access")).to_be_focused()
