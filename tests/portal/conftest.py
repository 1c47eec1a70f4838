"""`visit` opens a browser window for a person; after the test it must have been quiet and stayed at home."""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.support.browser import DESKTOP, PHONE, Visitor, launch

# Two cores may be busy with much else.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser():
	with sync_playwright() as playwright:
		browser = launch(playwright)
		yield browser
		browser.close()


@pytest.fixture
def visit(browser, environment):
	"""`visit(person=None, phone=False, scheme="light", **options)`: a Visitor, signed in as the person."""
	visitors = []

	def open_window(person=None, *, phone=False, scheme="light", **options):
		context = browser.new_context(
			viewport=PHONE if phone else DESKTOP,
			has_touch=phone,
			color_scheme=scheme,
			extra_http_headers=environment.headers,
			locale="en-US",
			**{"timezone_id": "America/New_York", **options},
		)
		context.set_default_timeout(30_000)
		visitor = Visitor(context, context.new_page(), environment.url)
		visitors.append(visitor)
		return visitor.sign_in(person) if person else visitor

	yield open_window
	for visitor in visitors:
		visitor.context.close()
	for visitor in visitors:
		visitor.check()
