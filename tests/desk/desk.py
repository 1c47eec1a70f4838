"""Frappe's Desk in a browser, as far as the tests touch it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Visitor

GROUP = "Exoceuticals"


@dataclass
class Desk:
	visitor: Visitor

	@property
	def page(self) -> Page:
		return self.visitor.page

	@property
	def shown(self) -> Locator:
		"""Desk keeps the pages that were open before, hidden."""
		return self.page.locator(".page-container:visible")

	def open(self, path: str) -> "Desk":
		"""
		:param path: below /app.
		"""
		self.visitor.open(f"/app/{path}")
		# In Frappe 16 a Workspace and the form of a Single DocType have no title.
		opened = ".title-text:visible, .form-layout:visible, .codex-editor:visible"
		expect(self.shown.locator(opened).first, "Are the assets built? (bench build)").to_be_visible()
		return self.settle()

	def settle(self) -> "Desk":
		"""Waits until Desk has loaded what it loads."""
		self.page.wait_for_load_state("networkidle")
		self.page.evaluate("new Promise((done) => frappe.after_ajax(done))")
		return self

	def tab(self, name: str) -> Locator:
		return self.shown.get_by_role("tab", name=name, exact=True)

	def field(self, name: str) -> Locator:
		return self.shown.locator(f'[data-fieldname="{name}"]').first

	def value(self, name: str):
		"""What the open form holds, which is what it would save."""
		return self.page.evaluate("name => cur_frm.doc[name]", name)

	def buttons(self) -> list[str]:
		"""The labels of MedGrid's buttons on the open form."""
		return self._group().locator(".dropdown-item").all_text_contents()

	def press(self, label: str) -> None:
		"""One of MedGrid's buttons; a form that is being loaded makes them anew."""
		self.settle()
		self._group().get_by_role("button").first.click()
		self._group().locator(".dropdown-item").filter(has_text=re.compile(f"^{label}$")).click()

	def _group(self) -> Locator:
		return self.shown.locator(f'.inner-group-button[data-label="{GROUP}"]')

	def dialog(self) -> Locator:
		"""The message that is shown; there is one at a time."""
		dialog = self.page.locator(".msgprint-dialog.show, .modal.show:has(.msgprint)")
		expect(dialog).to_be_visible()
		return dialog

	def close_dialog(self) -> None:
		dialog = self.dialog()
		dialog.locator(".btn-modal-close").click()
		expect(dialog).to_be_hidden()

	def save(self) -> None:
		# A field is the document's once it is left.
		self.page.keyboard.press("Tab")
		self.settle()
		self.shown.get_by_role("button", name="Save").click()
		expect(self.page.locator(".alert-message", has_text="Saved").first).to_be_visible()
