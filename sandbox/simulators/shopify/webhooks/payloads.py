"""What webhooks carry: orders and shops as Shopify's REST API shows them."""

from decimal import Decimal
from typing import Any

from sandbox.simulators.shopify import clock, gid
from sandbox.simulators.shopify.shop.orders import Fulfillment, LineItem, Order
from sandbox.simulators.shopify.shop.shops import Shop

# GraphQL has more statuses than REST, which calls an order without any shipment null.
FULFILLMENT_STATUS = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial", "RESTOCKED": "restocked"}


def order(order: Order, shop: Shop) -> dict[str, Any]:
	content, zone = order.content, shop.settings.timezone
	return {
		"id": order.number,
		"admin_graphql_api_id": gid.of("Order", order.number),
		"name": order.name,
		"order_number": order.order_number,
		"number": order.order_number - 1000,
		"created_at": clock.local(order.created_at, zone),
		"processed_at": content.get("processedAt") or clock.local(order.created_at, zone),
		"updated_at": clock.local(order.updated_at, zone),
		"cancelled_at": clock.local(order.cancelled_at, zone),
		"cancel_reason": order.cancel_reason and order.cancel_reason.lower(),
		"closed_at": None,
		"financial_status": (content.get("financialStatus") or "PENDING").lower(),
		"fulfillment_status": FULFILLMENT_STATUS.get(order.display_fulfillment_status),
		"currency": order.currency,
		"subtotal_price": _money(order.subtotal),
		"total_price": _money(order.total),
		**_sender(order),
		"line_items": [_line(line) for line in order.line_items],
		"fulfillments": [_fulfillment(fulfillment, zone) for fulfillment in order.fulfillments],
		"shipping_address": _address(content.get("shippingAddress")),
		"billing_address": _address(content.get("billingAddress")),
		"taxes_included": bool(content.get("taxesIncluded")),
		"tax_lines": [_tax_line(line, order.currency) for line in content.get("taxLines") or []],
	}


def _tax_line(line: dict[str, Any], currency: str) -> dict[str, Any]:
	price = (line.get("priceSet") or {}).get("shopMoney") or {"amount": 0, "currencyCode": currency}
	return {
		"title": line["title"],
		"rate": float(line["rate"]),
		"price": _money(Decimal(str(price["amount"]))),
	}


def shop(shop: Shop) -> dict[str, Any]:
	return {
		"id": shop.number,
		"name": shop.settings.name,
		"email": shop.settings.email,
		"domain": shop.domain,
		"myshopify_domain": shop.domain,
		"currency": shop.settings.currency,
		"iana_timezone": shop.settings.timezone,
		"plan_name": "basic",
	}


def _sender(order: Order) -> dict[str, Any]:
	content = order.content
	attributes = content.get("customAttributes") or []
	return {
		"email": content.get("email") or "",
		"contact_email": content.get("email"),
		"phone": content.get("phone"),
		"note": content.get("note"),
		"note_attributes": [{"name": entry["key"], "value": entry["value"]} for entry in attributes],
		"tags": ", ".join(sorted(content.get("tags") or [])),
		"po_number": content.get("poNumber"),
		"source_identifier": content.get("sourceIdentifier"),
		"source_name": content.get("sourceName"),
		"test": bool(content.get("test")),
	}


def _line(line: LineItem) -> dict[str, Any]:
	status = None
	if line.fulfilled:
		status = "partial" if line.unfulfilled_quantity else "fulfilled"
	return {
		"id": line.number,
		"admin_graphql_api_id": gid.of("LineItem", line.number),
		"variant_id": line.variant and line.variant.number,
		"product_id": line.variant and line.variant.product.number,
		"sku": line.sku,
		"title": line.title,
		"variant_title": line.variant_title,
		"name": line.title,
		"quantity": line.quantity,
		"fulfillable_quantity": line.unfulfilled_quantity,
		"fulfillment_status": status,
		"price": _money(line.price),
		"requires_shipping": line.requires_shipping,
		"properties": line.properties,
	}


def _fulfillment(fulfillment: Fulfillment, zone: str) -> dict[str, Any]:
	numbers = [entry["number"] for entry in fulfillment.tracking if entry.get("number")]
	urls = [entry["url"] for entry in fulfillment.tracking if entry.get("url")]
	companies = [entry["company"] for entry in fulfillment.tracking if entry.get("company")]
	return {
		"id": fulfillment.number,
		"admin_graphql_api_id": gid.of("Fulfillment", fulfillment.number),
		"order_id": fulfillment.order.number,
		"name": fulfillment.name,
		"status": fulfillment.status.lower(),
		"created_at": clock.local(fulfillment.created_at, zone),
		"updated_at": clock.local(fulfillment.updated_at, zone),
		"tracking_company": companies[0] if companies else None,
		"tracking_number": numbers[0] if numbers else None,
		"tracking_numbers": numbers,
		"tracking_url": urls[0] if urls else None,
		"tracking_urls": urls,
		"line_items": [
			{"id": number, "quantity": quantity} for number, quantity in fulfillment.quantities.items()
		],
	}


def _address(content: dict[str, Any] | None) -> dict[str, Any] | None:
	if not content:
		return None
	names = [content.get("firstName"), content.get("lastName")]
	return {
		"first_name": content.get("firstName"),
		"last_name": content.get("lastName"),
		"name": " ".join(name for name in names if name),
		"company": content.get("company"),
		"address1": content.get("address1"),
		"address2": content.get("address2"),
		"city": content.get("city"),
		"province_code": content.get("provinceCode"),
		"country_code": content.get("countryCode"),
		"zip": content.get("zip"),
		"phone": content.get("phone"),
	}


def _money(amount: Decimal) -> str:
	return f"{amount:.2f}"
