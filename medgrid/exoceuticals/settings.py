"""The settings of the link to the Exoceuticals store. Contract: "Configuration (System Settings)"."""

from dataclasses import dataclass, field

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.core.secrets import read_secret
from medgrid.services.required_settings import require_settings

SETTINGS = "System Settings"
PREFIX = "exoceuticals_"
# CONNECTED_AT: when the token was stored, in UTC.
TOKEN, CONNECTED_AT = f"{PREFIX}api_token", f"{PREFIX}connected_at"
API_VERSION, ORDER_TAG, WAREHOUSE_NAME = "2026-04", "Skydell", "Exoceuticals Warehouse"


@dataclass(frozen=True)
class StoreSettings:
	"""The settings, with the contract's field names without `exoceuticals_`. None: not set.

	:param send_tax_lines: whether an order's taxes are sent with it.
	:param warehouse: the name of the Warehouse that mirrors the store's stock.
	"""

	shop_domain: str | None
	api_version: str
	order_tag: str
	send_tax_lines: bool
	location_id: str | None
	warehouse: str | None
	client_id: str | None
	api_token: SecretStr | None = field(repr=False)
	webhook_secret: SecretStr | None = field(repr=False)
	client_secret: SecretStr | None = field(repr=False)

	def require(self, *names: str) -> None:
		"""Checks that some settings are set.

		:param names: names of fields of this class.
		:raises RuleViolated: at least one is not set; the message names all that are missing and says where
			to set them.
		"""
		require_settings(
			_("Set {0} in System Settings → API Integration → Exoceuticals first."),
			{PREFIX + name: getattr(self, name) for name in names},
		)

	def is_connected(self) -> bool:
		"""Whether the shop's domain and its token are set."""
		return bool(self.shop_domain and self.api_token)

	def shop(self) -> str:
		"""Returns the shop's domain.

		:raises RuleViolated: the domain is not set.
		"""
		self.require("shop_domain")
		return self.shop_domain or ""

	def connected(self) -> "ConnectedStore":
		"""Returns the settings as those of a connected store.

		:raises RuleViolated: the shop's domain or its token is not set; see `require`.
		"""
		self.require("shop_domain", "api_token")
		return ConnectedStore(**vars(self))

	def mirrored(self) -> "MirroredStore":
		"""Returns the settings as those of a store with mirrored stock.

		:raises RuleViolated: the shop's domain, its token, location or warehouse is not set; see `require`.
		"""
		self.require("shop_domain", "api_token", "location_id", "warehouse")
		return MirroredStore(**vars(self))


@dataclass(frozen=True)
class ConnectedStore(StoreSettings):
	"""The settings of a store that MedGrid can call."""

	shop_domain: str
	api_token: SecretStr = field(repr=False)


@dataclass(frozen=True)
class MirroredStore(ConnectedStore):
	"""The settings of a store whose stock at one location is mirrored by a Warehouse."""

	location_id: str
	warehouse: str


def load() -> StoreSettings:
	"""Reads the current settings."""
	return StoreSettings(
		shop_domain=(_value("shop_domain") or "").lower() or None,
		api_version=_value("api_version") or API_VERSION,
		order_tag=_value("order_tag") or ORDER_TAG,
		send_tax_lines=_value("send_tax_lines") is not None,
		location_id=_value("location_id"),
		warehouse=_value("warehouse") or _default_warehouse(),
		client_id=_value("client_id"),
		api_token=_secret("api_token"),
		webhook_secret=_secret("webhook_secret"),
		client_secret=_secret("client_secret"),
	)


def _value(name: str) -> str | None:
	value = frappe.db.get_single_value(SETTINGS, PREFIX + name)
	return str(value).strip() or None if value else None


def _secret(name: str) -> SecretStr | None:
	return read_secret(SETTINGS, SETTINGS, PREFIX + name)


def _default_warehouse() -> str | None:
	return frappe.db.get_value("Warehouse", {"warehouse_name": WAREHOUSE_NAME, "is_group": 0})
