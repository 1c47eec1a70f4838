"""The settings of the link to the Exoceuticals store. Contract: "Configuration (System Settings)"."""

from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils.password import get_decrypted_password
from pydantic import SecretStr

from medgrid.exceptions import RuleViolated

SETTINGS = "System Settings"
PREFIX = "exoceuticals_"
API_VERSION, ORDER_TAG, WAREHOUSE_NAME = "2026-04", "Skydell", "Exoceuticals Warehouse"
SECRETS = ("api_token", "webhook_secret", "client_secret")


@dataclass(frozen=True)
class StoreSettings:
	"""What is set, with the contract's field names without `exoceuticals_`; None is not set.

	:param warehouse: the name of the Warehouse that mirrors the store's stock.
	"""

	shop_domain: str | None
	api_version: str
	order_tag: str
	location_id: str | None
	warehouse: str | None
	client_id: str | None
	api_token: SecretStr | None = field(repr=False)
	webhook_secret: SecretStr | None = field(repr=False)
	client_secret: SecretStr | None = field(repr=False)

	def require(self, *names: str) -> None:
		"""
		:param names: of fields of this class.
		:raises RuleViolated: some of them are not set; it names them all, and where to set them.
		"""
		missing = [name for name in names if not getattr(self, name)]
		if missing:
			raise RuleViolated(
				_("Set {0} in System Settings → API Integration → Exoceuticals first.").format(
					", ".join(PREFIX + name for name in missing)
				)
			)

	def is_connected(self) -> bool:
		"""Whether there is a store and a token for it."""
		return bool(self.shop_domain and self.api_token)


def load() -> StoreSettings:
	"""The settings as they are now."""
	names = ("shop_domain", "api_version", "order_tag", "location_id", "warehouse", "client_id")
	values = {name: _value(name) for name in names}
	return StoreSettings(
		**{
			**values,
			"shop_domain": (values["shop_domain"] or "").lower() or None,
			"api_version": values["api_version"] or API_VERSION,
			"order_tag": values["order_tag"] or ORDER_TAG,
			"warehouse": values["warehouse"] or _default_warehouse(),
			**{name: _secret(name) for name in SECRETS},
		}
	)


def _value(name: str) -> str | None:
	value = frappe.db.get_single_value(SETTINGS, PREFIX + name)
	return str(value).strip() or None if value else None


def _secret(name: str) -> SecretStr | None:
	value = get_decrypted_password(SETTINGS, SETTINGS, PREFIX + name, raise_exception=False)
	return SecretStr(value) if value else None


def _default_warehouse() -> str | None:
	return frappe.db.get_value("Warehouse", {"warehouse_name": WAREHOUSE_NAME, "is_group": 0})
