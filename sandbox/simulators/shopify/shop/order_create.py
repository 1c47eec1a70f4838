"""orderCreate: checks the input as Shopify does, claims stock, and writes the order.

The fields of the errors are Shopify's, their wording is partly ours. An address is checked for what a carrier
needs: a name or company, street, city and country, and where the country has them, the postal code and state.
"""

import re
from decimal import Decimal
from typing import Any

from sandbox.simulators.common import passing
from sandbox.simulators.shopify import clock, gid
from sandbox.simulators.shopify.errors import ApiError
from sandbox.simulators.shopify.shop.catalog import Variant
from sandbox.simulators.shopify.shop.orders import LineItem, Order
from sandbox.simulators.shopify.shop.shops import Shop

MINUTE = 60
_WITH_STATES = """
	AE AR AU BR CA CL CN CO CR EG ES GT ID IE IN IT JP KR KW MX MY NG PA PE PH PT RO RU SV TH US UY VE ZA
"""
WITH_STATES = frozenset(_WITH_STATES.split())
WITHOUT_ZIP = ("AE", "HK", "IE", "PA", "QA")


class Problems(list):
	"""The userErrors of one call."""

	def add(self, message: str, *field: str | int, code: str = "INVALID") -> None:
		path = ["order", *map(str, field)]
		self.append({"code": code, "field": path, "message": message})


def create(shop: Shop, content: dict[str, Any], options: dict[str, Any]) -> tuple[Order | None, list[dict]]:
	"""The order, or why there is none."""
	if _is_too_fast(shop):
		message = "Too many attempts. Please try again later."
		return None, [{"code": None, "field": None, "message": message}]
	problems = Problems()
	currency = content.get("currency") or shop.settings.currency
	lines = _lines(shop, content.get("lineItems") or [], currency, problems)
	_check_contact(content, problems)
	for name in ("shippingAddress", "billingAddress"):
		_check_address(content.get(name), name, problems)
	if not problems:
		_claim(lines, options.get("inventoryBehaviour", "BYPASS"), problems)
	return (None, problems) if problems else (_write(shop, content, lines, currency), [])


def _is_too_fast(shop: Shop) -> bool:
	limit, now = shop.settings.orders_per_minute, passing.now()
	recent = [order for order in shop.orders.all[-(limit or 0) :] if now - order.searchable_from < MINUTE]
	return limit is not None and len(recent) >= limit


def _lines(shop: Shop, contents: list[dict], currency: str, problems: Problems) -> list[LineItem]:
	if not contents:
		problems.add("Line items must have at least one line item", "lineItems")
	return [_line(shop, content, index, currency, problems) for index, content in enumerate(contents)]


def _line(shop: Shop, content: dict, index: int, currency: str, problems: Problems) -> LineItem:
	variant = _variant(shop, content, index, problems)
	money = (content.get("priceSet") or {}).get("shopMoney")
	if content["quantity"] < 1:
		problems.add("Quantity must be greater than 0", "lineItems", index, "quantity")
	if not variant and not content.get("variantId"):
		if not content.get("title"):
			problems.add("Title can't be blank", "lineItems", index, "title")
		if not money:
			problems.add("Price can't be blank", "lineItems", index, "priceSet")
	if money and money["currencyCode"] != currency:
		problems.add(f"Shop money must be in {currency}", "lineItems", index, "priceSet", "shopMoney")
	return LineItem(
		number=gid.next_number("LineItem"),
		variant=variant,
		title=content.get("title") or (variant.product.title if variant else ""),
		variant_title=content.get("variantTitle") or (variant.title if variant else None),
		sku=content.get("sku") or (variant.sku if variant else None),
		quantity=content["quantity"],
		price=Decimal(money["amount"]) if money else Decimal(variant.price if variant else 0),
		requires_shipping=content.get("requiresShipping", False),
		properties=content.get("properties") or [],
	)


def _variant(shop: Shop, content: dict, index: int, problems: Problems) -> Variant | None:
	if not content.get("variantId"):
		return None
	try:
		variant = shop.catalog.variant(gid.read(content["variantId"], "ProductVariant")[1])
	except ApiError:
		variant = None
	if not variant:
		problems.add("Variant does not exist", "lineItems", index, "variantId")
	return variant


def _check_contact(content: dict, problems: Problems) -> None:
	email, phone = content.get("email"), content.get("phone")
	if email and not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email):
		problems.add("Email is invalid", "email")
	if phone and not 7 <= len(re.sub(r"\D", "", phone)) <= 15:
		problems.add("Phone is invalid", "phone")


def _check_address(address: dict | None, name: str, problems: Problems) -> None:
	if address is None:
		return
	country = address.get("countryCode") or address.get("country")
	required = {"address1": "Address", "city": "City", "countryCode": "Country"}
	if country not in WITHOUT_ZIP:
		required["zip"] = "Zip"
	if country in WITH_STATES:
		required["provinceCode"] = "Province"
	if not any(address.get(part) for part in ("firstName", "lastName", "company")):
		required["lastName"] = "Last name"
	given = {
		**address,
		"countryCode": country,
		"provinceCode": address.get("provinceCode") or address.get("province"),
	}
	for part, label in required.items():
		if not (given.get(part) or "").strip():
			problems.add(f"{label} can't be blank", name, part)


def _claim(lines: list[LineItem], behaviour: str, problems: Problems) -> None:
	"""Takes the stock, of all lines or of none."""
	if behaviour == "BYPASS":
		return
	wanted: dict[int, int] = {}
	for index, line in enumerate(lines):
		if not line.variant:
			continue
		wanted[line.variant.number] = wanted.get(line.variant.number, 0) + line.quantity
		is_short = wanted[line.variant.number] > line.variant.inventory_quantity
		if behaviour == "DECREMENT_OBEYING_POLICY" and line.variant.inventory_policy == "DENY" and is_short:
			problems.add(
				"Unable to claim inventory", "lineItems", index, "quantity", code="INVENTORY_CLAIM_FAILED"
			)
	if not problems:
		for line in lines:
			if line.variant:
				line.variant.take(line.quantity)


def _write(shop: Shop, content: dict, lines: list[LineItem], currency: str) -> Order:
	now = clock.now()
	order = Order(
		number=gid.next_number("Order"),
		order_number=shop.next_order_number,
		name=content.get("name") or f"#{shop.next_order_number}",
		created_at=now,
		updated_at=now,
		currency=currency,
		content=content,
		line_items=lines,
	)
	shop.next_order_number += 1
	shop.orders.add(order)
	return order
