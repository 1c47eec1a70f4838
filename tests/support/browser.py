"""A person at a real browser: Debian's Chromium, driven by Playwright.

What goes wrong unseen is noticed: errors in the console, and requests to any other host than MedGrid's.
"""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect

from tests.support.http import Person, sign_in

ARTIFACTS = Path(__file__).resolve().parents[2] / ".sandbox" / "artifacts"
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# What Chromium leaves out: what Playwright disables, since only the last list counts, and two popups of the
# address bar, where nobody types. Each is a page of Chromium's own that every new window would load.
PLAYWRIGHTS_DISABLED = (
	"AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
	"DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,"
	"NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning"
)
DISABLED = f"{PLAYWRIGHTS_DISABLED},WebUIOmniboxPopup,WebUIOmniboxAimPopup"
# Chromium's sandbox cannot run as root.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", f"--disable-features={DISABLED}"]

# Two cores may be busy with much else.
expect.set_options(timeout=60_000)


def launch(playwright: Playwright):
	path = shutil.which("chromium")
	assert path, "these tests need the package chromium"
	return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


def new_window(browser: Browser, environment, *, phone=False, scheme="light", **options) -> BrowserContext:
	"""A window in New York, on a desktop or a phone; options are Playwright's."""
	context = browser.new_context(
		viewport=PHONE if phone else DESKTOP,
		has_touch=phone,
		color_scheme=scheme,
		extra_http_headers=environment.headers,
		locale="en-US",
		**{"timezone_id": "America/New_York", **options},
	)
	context.set_default_timeout(30_000)
	# The first page of Desk after a start makes its boot data anew.
	context.set_default_navigation_timeout(120_000)
	return context


@dataclass
class Visitor:
	"""
	:param other_hosts: `host:port` of places that this visitor's pages may talk to.
	:param expected_errors: patterns of console errors that belong to the story.
	"""

	context: BrowserContext
	page: Page
	url: str
	other_hosts: set[str] = field(default_factory=set)
	expected_errors: list[str] = field(default_factory=list)
	console_errors: list[str] = field(default_factory=list)
	hosts: set[str] = field(default_factory=set)

	def __post_init__(self):
		self.context.on("request", lambda request: self._note_host(request.url))
		self.context.on("console", self._note_console)
		self.context.on("weberror", lambda error: self.console_errors.append(str(error.error)))

	def _note_host(self, url: str) -> None:
		if urlsplit(url).scheme in ("http", "https", "ws", "wss"):
			self.hosts.add(urlsplit(url).netloc)

	def _note_console(self, message) -> None:
		if message.type in ("error", "warning"):
			self.console_errors.append(f"{message.text} ({message.location.get('url', '')})")

	def sign_in(self, person: Person) -> "Visitor":
		"""Without the login page, which has a test of its own."""

		def post(path: str, credentials: dict) -> tuple[int, str]:
			answer = self.context.request.post(f"{self.url}{path}", data=credentials)
			return answer.status, answer.text()

		sign_in(post, person)
		return self

	def open(self, path: str) -> Page:
		self.page.goto(f"{self.url}{path}")
		return self.page

	def keep_picture(self, name: str, *, whole: bool = True) -> Path:
		"""A screenshot among the tests' artifacts."""
		ARTIFACTS.mkdir(parents=True, exist_ok=True)
		path = ARTIFACTS / f"{name}.png"
		self.page.screenshot(path=path, full_page=whole, animations="disabled")
		return path

	def check(self) -> None:
		"""Nothing went wrong unseen."""
		surprising = [
			error
			for error in self.console_errors
			if not any(re.search(pattern, error) for pattern in self.expected_errors)
		]
		assert surprising == [], surprising
		assert self.hosts <= {urlsplit(self.url).netloc, *self.other_hosts}
