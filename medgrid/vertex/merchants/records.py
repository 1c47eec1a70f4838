"""The DocType Vertex Merchant: finds merchants, and writes the results of installing and onboarding.

Each change locks the merchant's row and commits; no other system is called while it is locked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.core import secrets
from medgrid.core.clock import from_stored_utc, stored_utc, stored_utc_now
from medgrid.core.secrets import MASK, fingerprint, write_secret
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import NotFound
from medgrid.vertex.access import api_users
from medgrid.vertex.contract.issue_body import timestamp
from medgrid.vertex.merchants.fields import (
	COMPLETE,
	DEPLOYMENTS,
	DESCRIBED,
	DETAILS,
	DOCTYPE,
	INCOMPLETE,
	SECRETS,
	UNINSTALLED,
)

FIELDS = (
	*DESCRIBED,
	"shopify_token",
	"installation",
	"webhook_subscription",
	"user",
	"api_username",
	"tested_at",
)
_WORDS = {label: word for word, label in DEPLOYMENTS.items()}


@dataclass(frozen=True)
class Merchant:
	"""A merchant as it is stored, without secrets.

	:param shop: the domain of its Shopify store; None: it is a company's.
	:param has_credentials: whether Vertex credentials are stored.
	:param is_installed: whether a Shopify token is stored.
	:param installation: differs with each installation of the app.
	"""

	name: str
	shop: str | None
	company: str | None
	status: str
	is_enabled: bool
	company_code: str | None
	deployment: str | None
	has_credentials: bool
	is_installed: bool
	installation: str | None
	webhook_subscription: str | None
	user: str | None
	api_username: str | None
	tested_at: datetime | None
	last_error: str | None

	@property
	def is_uninstalled(self) -> bool:
		return self.status == UNINSTALLED

	def describe(self) -> dict[str, Any]:
		"""Contract B's view of the onboarding. See docs/api.md, `shopify_onboarding`."""
		was_tested = self.has_credentials or self.tested_at is not None
		return {
			"shop": self.shop,
			"onboarding": self.status.lower(),
			"companyCode": self.company_code if was_tested else None,
			"deployment": _WORDS.get(self.deployment or "") if was_tested else None,
			"hasCredentials": self.has_credentials,
			"testedAt": timestamp(self.tested_at) if self.tested_at else None,
			"lastError": self.last_error,
		}


def find(shop: str) -> Merchant | None:
	"""The merchant of a shop, also after the app was uninstalled; None: there never was one."""
	return _found({"shop": shop})


def require(shop: str, *, installed: bool = True) -> Merchant:
	"""The merchant of a shop.

	:param installed: whether one that is uninstalled counts as unknown.
	:raises NotFound: there is none.
	"""
	merchant = find(shop)
	if merchant is None or (installed and merchant.is_uninstalled):
		raise NotFound(_("The app is not installed in the shop {0}.").format(shop))
	return merchant


def get(name: str) -> Merchant:
	"""
	:raises NotFound: there is no such merchant.
	"""
	if not (merchant := _found({"name": name})):
		raise NotFound(_("There is no merchant {0}.").format(name))
	return merchant


def _found(filters: Mapping[str, str]) -> Merchant | None:
	row = frappe.db.get_value(DOCTYPE, dict(filters), FIELDS, as_dict=True)
	if not row:
		return None
	return Merchant(
		name=row.name,
		shop=row.shop or None,
		company=row.company or None,
		status=row.status,
		is_enabled=bool(row.enabled),
		company_code=row.company_code or None,
		deployment=row.deployment or None,
		has_credentials=bool(row.client_id and row.client_secret),
		is_installed=bool(row.shopify_token),
		installation=row.installation or None,
		webhook_subscription=row.webhook_subscription or None,
		user=row.user or None,
		api_username=row.api_username or None,
		tested_at=from_stored_utc(row.tested_at) if row.tested_at else None,
		last_error=row.last_error or None,
	)


def save_installation(shop: str, pair: TokenPair) -> Merchant:
	"""Stores the tokens of an installation. A merchant that was uninstalled begins anew; a renewed grant
	leaves the onboarding as it is. Commits.
	"""
	try:
		name = in_transaction(partial(_save_installation, shop, pair))
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):
		# Another request has just made the merchant.
		frappe.clear_messages()
		name = in_transaction(partial(_save_installation, shop, pair))
	return get(name)


def _save_installation(shop: str, pair: TokenPair) -> str:
	name = frappe.db.get_value(DOCTYPE, {"shop": shop}) or _insert(shop)
	row = frappe.db.get_value(DOCTYPE, name, ["status"], as_dict=True, for_update=True)
	values: dict[str, Any] = {
		"shopify_token_expires_at": stored_utc(pair.expires_at) if pair.expires_at else None,
		"scopes": ",".join(pair.scopes),
		"installed_at": stored_utc_now(),
		"installation": fingerprint("vertex installation", pair.access_token.get_secret_value())[:32],
		"webhook_subscription": None,
	}
	if row.status == UNINSTALLED:
		values |= {"status": INCOMPLETE, "last_error": None, "tested_at": None}
	found = {"shopify_token": pair.access_token}
	if pair.refresh_token:
		found["shopify_refresh_token"] = pair.refresh_token
	else:
		secrets.forget_secret(DOCTYPE, name, "shopify_refresh_token")
		values["shopify_refresh_token"] = None
	_write(name, found, values)
	return name


def _insert(shop: str) -> str:
	document = frappe.get_doc({"doctype": DOCTYPE, "shop": shop, "status": INCOMPLETE, "enabled": 1})
	# Shopify's signature proves who installs the app: no user's role decides.
	return document.insert(ignore_permissions=True).name


def save_tokens(name: str, pair: TokenPair, scopes: str) -> None:
	"""Stores refreshed Shopify tokens, in the caller's transaction."""
	found = {"shopify_token": pair.access_token}
	if pair.refresh_token:
		found["shopify_refresh_token"] = pair.refresh_token
	expires_at = stored_utc(pair.expires_at) if pair.expires_at else None
	_write(name, found, {"shopify_token_expires_at": expires_at, "scopes": scopes})


def begin_onboarding(name: str) -> str:
	"""Notes that an onboarding begins. Commits.

	:returns: its mark; a later onboarding replaces it.
	"""
	mark = frappe.generate_hash(length=16)

	def work() -> None:
		locked_row(DOCTYPE, name, ["name"])
		frappe.db.set_value(DOCTYPE, name, "onboarding_started", mark, update_modified=False)

	in_transaction(work)
	return mark


def end_onboarding(name: str, mark: str, found: Mapping[str, SecretStr], values: Mapping[str, Any]) -> bool:
	"""Stores credentials that were tested, unless a later onboarding has begun or the app was uninstalled.
	Commits.

	:param mark: of this onboarding.
	:param found: the secrets by field.
	:param values: the other fields.
	:returns: whether they were stored.
	"""

	def work() -> bool:
		row = locked_row(DOCTYPE, name, ["onboarding_started", "status"])
		if not row or row.onboarding_started != mark or row.status == UNINSTALLED:
			return False
		for field in ("trusted_id", "vertex_token"):
			if field not in found:
				secrets.forget_secret(DOCTYPE, name, field)
		masks = dict.fromkeys(("trusted_id", "vertex_token"))
		_write(name, found, {**masks, **values, "status": COMPLETE, "last_error": None})
		return True

	return in_transaction(work)


def fail_onboarding(name: str, mark: str, status: str, reason: str, *, always: bool = False) -> None:
	"""Notes that credentials were not accepted. Those that are stored stay. Commits.

	:param status: of a merchant without earlier credentials.
	:param reason: a sentence for people.
	:param always: whether every merchant gets the status, because its stored credentials were tested.
	"""

	def work() -> None:
		row = locked_row(DOCTYPE, name, ["onboarding_started", "status", "client_secret"])
		if not row or row.onboarding_started != mark or row.status == UNINSTALLED:
			return
		values: dict[str, Any] = {"last_error": reason, "tested_at": stored_utc_now()}
		if always or not row.client_secret:
			values["status"] = status
		frappe.db.set_value(DOCTYPE, name, values)

	in_transaction(work)


def forget(name: str, installation: str | None = None) -> bool:
	"""Deletes the tokens and credentials of a merchant and disables its user, in the caller's transaction,
	which must begin with this. What Vertex has booked stays.

	:param installation: only if it is still this installation; None: whichever it is.
	:returns: whether it was installed.
	"""
	row = locked_row(DOCTYPE, name, ["status", "user", "installation"])
	if not row or row.status == UNINSTALLED or (installation and row.installation != installation):
		return False
	secrets.forget(DOCTYPE, name)
	api_users.disable(row.user)
	emptied = dict.fromkeys((*SECRETS, *DETAILS, "api_username", "last_error", "tested_at"))
	frappe.db.set_value(DOCTYPE, name, {**emptied, "origin": None, "status": UNINSTALLED})
	return True


def _write(name: str, found: Mapping[str, SecretStr], values: Mapping[str, Any]) -> None:
	frappe.db.set_value(DOCTYPE, name, {**values, **dict.fromkeys(found, MASK)})
	for field, secret in found.items():
		write_secret(DOCTYPE, name, field, secret)
