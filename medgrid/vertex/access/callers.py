"""Who calls the second contract's API, and for which shop the caller may act.

See docs/api.md, "Callers".
"""

from dataclasses import dataclass
from enum import Enum

import frappe
from frappe import _

from medgrid.clients.shopify.domains import shop_domain
from medgrid.exceptions import InvalidInput, NotPermitted
from medgrid.vertex.access.api_users import IDENTITY_USER, is_api_user
from medgrid.vertex.merchants.fields import DOCTYPE

CONNECTOR_ROLE = "Vertex Connector"
# Besides administrators, who may have documents booked again.
ACCOUNTANT_ROLE = "Accounts Manager"
# The key in `frappe.local.flags` of the shop that a bearer token names.
_BEARER_SHOP = "medgrid_bearer_shop"


class Kind(Enum):
	"""How a caller proved who it is."""

	# A user with the role System Manager.
	ADMINISTRATOR = "administrator"
	# The front end of the Shopify app.
	CONNECTOR = "connector"
	# Basic credentials of one Vertex Merchant.
	MERCHANT = "merchant"
	# A bearer token of the identity server.
	BEARER = "bearer"


@dataclass(frozen=True)
class Caller:
	"""A caller.

	:param name: the user's name, the merchant's user name, or the shop of the token.
	:param shop: the only shop that it may act for; None: every shop.
	"""

	kind: Kind
	name: str
	shop: str | None = None


def note_bearer(shop: str | None) -> None:
	"""Remembers, for this request, the shop that its verified bearer token names; None: it names none."""
	frappe.local.flags[_BEARER_SHOP] = shop


def current_caller() -> Caller:
	"""The caller of this request.

	:raises NotPermitted: it is a user without any of the roles, a merchant without a shop, or a token that
		names no shop.
	"""
	user = frappe.session.user
	if user == IDENTITY_USER:
		if not (shop := frappe.local.flags.get(_BEARER_SHOP)):
			raise NotPermitted(_("The token names no shop."))
		return Caller(Kind.BEARER, shop, shop)
	if is_api_user(user):
		return _merchant(user)
	roles = frappe.get_roles(user)
	if user == "Administrator" or "System Manager" in roles:
		return Caller(Kind.ADMINISTRATOR, user)
	if CONNECTOR_ROLE in roles:
		return Caller(Kind.CONNECTOR, user)
	raise NotPermitted(_("Your user may not use the Vertex connector."))


def _merchant(user: str) -> Caller:
	row = frappe.db.get_value(DOCTYPE, {"user": user}, ["shop", "api_username"], as_dict=True)
	if not row or not row.shop:
		raise NotPermitted(_("Your user may not use the Vertex connector."))
	return Caller(Kind.MERCHANT, row.api_username, row.shop)


def require(caller: Caller, *kinds: Kind) -> None:
	"""Checks that a caller is of one of some kinds.

	:raises NotPermitted: it is not.
	"""
	if caller.kind not in kinds:
		raise NotPermitted(_("Your credentials do not permit this operation."))


def require_accountant() -> None:
	"""Checks that the caller is an administrator or a user with the role Accounts Manager.

	:raises NotPermitted: it is not.
	"""
	user = frappe.session.user
	if is_api_user(user) or not {"System Manager", ACCOUNTANT_ROLE} & set(frappe.get_roles(user)):
		raise NotPermitted(_("Your credentials do not permit this operation."))


def require_person() -> None:
	"""Checks that the caller is a user of the site, who has rights of their own on its documents.

	:raises NotPermitted: it is a merchant, or the bearer of a token.
	"""
	user = frappe.session.user
	if user == IDENTITY_USER or is_api_user(user):
		raise NotPermitted(_("Your credentials do not permit this operation."))


def read_shop(written: str | None) -> str | None:
	"""The domain of the shop that a request names; None: it names none.

	:raises InvalidInput: it is not a shop's domain.
	"""
	if written is None:
		return None
	if not (shop := shop_domain(written)):
		raise InvalidInput(
			_("shop must be the domain of a Shopify store, for example your-store.myshopify.com.")
		)
	return shop


def shop_for(caller: Caller, named: str | None) -> str:
	"""The shop that a caller acts for.

	:param named: the domain that the request names, from `read_shop`.
	:raises InvalidInput: it names none, and the caller may act for every shop.
	:raises NotPermitted: the caller may not act for it. That is so whether it exists or not.
	"""
	shop = named or caller.shop
	if not shop:
		raise InvalidInput(_("Parameter {0} is missing.").format("shop"))
	if caller.shop not in (None, shop):
		raise NotPermitted(_("Your credentials do not permit this operation for this shop."))
	return shop


def name_of_caller() -> str:
	"""What an issue says about a caller if the request names no shop; "Guest" if nobody is known."""
	user = frappe.session.user or "Guest"
	if user == IDENTITY_USER:
		return frappe.local.flags.get(_BEARER_SHOP) or "Guest"
	if is_api_user(user):
		return frappe.db.get_value(DOCTYPE, {"user": user}, "api_username") or "Guest"
	return user
