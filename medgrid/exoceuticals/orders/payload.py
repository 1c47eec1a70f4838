"""From a Sales Order to Shopify's OrderCreateOrderInput. Contract: "sync_to_exoceuticals"."""

from typing import Any

from frappe import _
from frappe.utils import validate_email_address

from medgrid.core.phones import e164
from medgrid.exoceuticals.orders.addresses import billing_address, shipping_address
from medgrid.exoceuticals.orders.lines import OrderLine

# The stock is Shopify's to keep: what is not there is refused, as the contract's "out-of-stock" says.
OPTIONS = {"inventoryBehaviour": "DECREMENT_OBEYING_POLICY", "sendReceipt": False}


def order_input(order, lines: list[OrderLine], tag: str) -> dict[str, Any]:
	"""
	:param order: a Sales Order document.
	:param tag: put on the order in Shopify.
	:returns: the variables of the `order_create` document.
	:raises RuleViolated: the shipping address is missing or not complete.
	"""
	shipping = shipping_address(order)
	content = {
		# How an attempt in doubt is found again.
		"sourceIdentifier": order.name,
		"currency": order.currency,
		"lineItems": [_line_item(line, order.currency) for line in lines],
		"shippingAddress": shipping,
		"billingAddress": billing_address(order, shipping),
		"tags": [tag],
		"note": _("MedGrid Sales Order {0}").format(order.name),
		"poNumber": order.po_no,
		"email": validate_email_address(order.contact_email or "") or None,
		"phone": e164(order.contact_mobile or order.contact_phone, shipping["countryCode"]),
	}
	return {"order": {key: value for key, value in content.items() if value}, "options": OPTIONS}


def _line_item(line: OrderLine, currency: str) -> dict[str, Any]:
	return {
		"variantId": line.variant_id,
		"quantity": line.quantity,
		"priceSet": {"shopMoney": {"amount": str(line.unit_price), "currencyCode": currency}},
		# Shopify's default is false: nobody would ship it.
		"requiresShipping": True,
	}
