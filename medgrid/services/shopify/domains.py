"""Checks the shop domain that a person entered."""

from frappe import _

from medgrid.clients.shopify.domains import shop_domain
from medgrid.exceptions import InvalidInput


def require_shop_domain(written: str) -> str:
	"""Converts what a person entered to a shop's domain.

	:param written: in any form that `shop_domain` accepts.
	:raises InvalidInput: it is not a shop's domain. Contract: "shopify_start_install".
	"""
	domain = shop_domain(written)
	if not domain:
		raise InvalidInput(
			_("The shop's domain must end in .myshopify.com, for example your-store.myshopify.com.")
		)
	return domain
