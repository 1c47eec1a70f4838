import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import validate_email_address

from medgrid.core.secrets import mask_passwords, note_typed, password_fields
from medgrid.exceptions import InvalidInput
from medgrid.integrations.sendblue.phone_numbers import to_e164
from medgrid.integrations.shopify.app import CLIENT_SECRETS, callback_url
from medgrid.issues.mails import addresses_in
from medgrid.services.desk_messages import refuse
from medgrid.services.pasted_settings import tidy_settings

TEXTS = ("shopify_scopes", "sendblue_from_number", "support_contact", "support_email", "support_phone")
SECRETS = (
	"shopify_client_id",
	"shopify_client_secret",
	"sendblue_api_key_id",
	"sendblue_api_secret_key",
	"sendblue_webhook_secret",
)
# No sender repeats a webhook for longer.
LEAST_EVENT_DAYS = 7


class MedgridSettings(Document):
	"""MedGrid's own settings.

	`warehouse_priority`: the warehouses that the catalog shows first. `shopify_…`: the app through which
	vendors connect their shops. `sendblue_…`: the account that sends text messages.
	"""

	sendblue_from_number: str | None
	mail_trouble_to: str | None

	@property
	def shopify_redirect_url(self) -> str:
		return callback_url()

	def before_validate(self):
		tidy_settings(self, texts=TEXTS, secrets=SECRETS)
		note_typed(self, password_fields(self.doctype))
		CLIENT_SECRETS.keep_replaced(self)

	def validate(self):
		self.refuse_repeated_warehouses()
		self.refuse_group_warehouses()
		self.unify_from_number()
		self.refuse_short_retention()
		self.check_addresses()

	def on_update(self):
		mask_passwords(self, password_fields(self.doctype))

	def refuse_repeated_warehouses(self):
		seen = set()
		for row in self.warehouse_priority:
			if row.warehouse in seen:
				refuse(
					_("Row {0}: the list contains {1} twice. Remove one of the rows.").format(
						row.idx, row.warehouse
					)
				)
			seen.add(row.warehouse)

	def refuse_group_warehouses(self):
		for row in self.warehouse_priority:
			if frappe.db.get_value("Warehouse", row.warehouse, "is_group"):
				refuse(
					_(
						"Row {0}: {1} is a group of warehouses and holds no stock. Choose one of its "
						"warehouses."
					).format(row.idx, row.warehouse)
				)

	def unify_from_number(self):
		"""Sendblue requires E.164 for its own numbers, too."""
		if not self.sendblue_from_number:
			return
		try:
			self.sendblue_from_number = to_e164(self.sendblue_from_number)
		except InvalidInput:
			refuse(_("Sendblue From Number is not a phone number. Enter it like +15551234567."))

	def check_addresses(self):
		addresses = addresses_in(self.mail_trouble_to)
		for address in addresses:
			if validate_email_address(address) != address:
				refuse(
					_("Mail Trouble To: {0} is not an e-mail address. Enter one in each line.").format(
						address
					)
				)
		self.mail_trouble_to = "\n".join(addresses)

	def refuse_short_retention(self):
		if self.event_days and self.event_days < LEAST_EVENT_DAYS:
			refuse(
				_(
					"Integration Events must be kept for at least {0} days, because MedGrid recognizes "
					"repeated webhooks by them. Enter {0} or more, or 0 to keep them forever."
				).format(LEAST_EVENT_DAYS)
			)
