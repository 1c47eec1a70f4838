"""The shop that people name, or what they read when they name none."""

from frappe import _

from medgrid.clients.shopify.domains import shop_domain
from medgrid.exceptions import InvalidInput


def require_shop_domain(written: str) -> str:
	"""
	:param written: in any spelling of `shop_domain`.
	:raises InvalidInput: it names no shop. Contract: "shopify_start_install".
	"""
	domain = shop_domain(written)
	if not domain:
		raise InvalidInput(
			_("The shop's domain must end in .myshopify.com, for example your-store.myshopify.com.")
		)
	return domain
