from urllib.parse import urlsplit

from frappe import _
from frappe.model.document import Document

from medgrid.core.secrets import mask_passwords, note_typed, password_fields
from medgrid.services.desk_messages import refuse
from medgrid.services.pasted_settings import tidy_settings
from medgrid.vertex.settings import CALLBACK, CLIENT_SECRETS, OPEN, WEBHOOK, address

TEXTS = (
	"shopify_scopes",
	"identity_issuer",
	"identity_audience",
	"identity_jwks_url",
	"identity_shop_claim",
	"shipping_product_class",
)
SECRETS = ("shopify_client_id", "shopify_client_secret", "identity_secret")
# Shorter secrets of HS256 can be guessed (RFC 7518, section 3.2).
MIN_IDENTITY_SECRET = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class VertexSettings(Document):
	"""The connector between Shopify merchants and Vertex.

	`shopify_…`: its app at Shopify. `identity_…`: the server whose bearer tokens the API accepts. The others
	say which of ERPNext's documents are taxed, and how.
	"""

	identity_jwks_url: str | None
	identity_secret: str | None

	@property
	def app_url(self) -> str:
		return address(OPEN)

	@property
	def redirect_url(self) -> str:
		return address(CALLBACK)

	@property
	def webhook_url(self) -> str:
		return address(WEBHOOK)

	def onload(self):
		from medgrid.vertex import guide

		self.set_onload("medgrid_steps", guide.steps())

	def before_validate(self):
		tidy_settings(self, texts=TEXTS, secrets=SECRETS)
		note_typed(self, password_fields(self.doctype))
		CLIENT_SECRETS.keep_replaced(self)

	def validate(self):
		self.refuse_two_kinds_of_keys()
		self.refuse_short_secret()
		self.refuse_insecure_key_set()

	def on_update(self):
		mask_passwords(self, password_fields(self.doctype))

	def refuse_two_kinds_of_keys(self):
		if self.identity_jwks_url and self.identity_secret:
			refuse(
				_(
					"An identity server has either a key set or a secret. Leave Key Set URL or Secret empty, "
					"otherwise a token that is signed with the other one could be forged."
				)
			)

	def refuse_short_secret(self):
		typed = self.identity_secret
		if typed and not self.is_dummy_password(typed) and len(typed) < MIN_IDENTITY_SECRET:
			refuse(
				_(
					"The identity server's secret must have at least {0} characters. Enter a longer one."
				).format(MIN_IDENTITY_SECRET)
			)

	def refuse_insecure_key_set(self):
		if not self.identity_jwks_url:
			return
		try:
			parts = urlsplit(self.identity_jwks_url)
			is_secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
		except ValueError:
			is_secure = False
		if not is_secure or not parts.hostname or parts.username or parts.password:
			refuse(_("Key Set URL must begin with https:// and name the identity server."))
