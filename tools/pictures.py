"""`python -m tools.pictures`: takes the README's pictures of the portal anew, from the demo site.

Run `python3 -m sandbox demo` before: the first vendor's ShipStation and Shopify are connected then.
"""

import shutil

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from sandbox import layout, status

FOLDER = layout.ROOT / "docs" / "images"
WIDE: ViewportSize = {"width": 1180, "height": 760}
PHONE: ViewportSize = {"width": 390, "height": 844}


def main() -> None:
	with sync_playwright() as playwright:
		chromium = shutil.which("chromium")
		browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
		page = signed_in(browser, "vendor", viewport=WIDE)
		page.goto("/portal/integrations")
		keep(page, "portal-integrations")
		page = signed_in(browser, "customer", viewport=WIDE)
		page.goto("/portal/catalog?warehouse=Main+Warehouse+-+SM&query=vitamin")
		page.get_by_role("row").nth(1).wait_for()
		keep(page, "portal-catalog")
		page = signed_in(browser, "vendor", viewport=PHONE, color_scheme="dark")
		page.goto("/portal/integrations")
		keep(page, "portal-phone")
		browser.close()


def signed_in(browser: Browser, role: str, **options) -> Page:
	"""A window of the first person in the demo who has a role."""
	site = status.as_dict()
	person = next(person for person in site["users"] if person["role"] == role)
	context = browser.new_context(base_url=site["site"]["url"], locale="en-US", **options)
	answer = context.request.post(
		"/api/method/login", form={"usr": person["user"], "pwd": person["password"]}
	)
	assert answer.ok, f"{person['user']} cannot sign in: {answer.status}"
	return context.new_page()


def keep(page: Page, name: str) -> None:
	page.wait_for_load_state("networkidle")
	page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
	print(f"docs/images/{name}.png")


if __name__ == "__main__":
	main()
