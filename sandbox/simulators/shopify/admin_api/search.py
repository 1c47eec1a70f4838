"""The `query:` argument: `source_identifier:'SAL-1'`, `sku:A OR sku:B`, `updated_at:>='2026-06-18T00:00Z'`.

Terms stand side by side (or with AND) and all match, groups of them are separated by OR. Values are compared
without regard to case; a * at the end matches any rest. Shopify ignores a field that it does not know and
then finds too much: here that is an error, as are parentheses, NOT and terms without a field.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.simulators.shopify import clock
from sandbox.simulators.shopify.errors import invalid

TERM = re.compile(
	r"""\s*(?:(?P<word>AND|OR)(?=\s)|(?P<field>[a-z_]+):(?P<sign><=|>=|<|>)?"""
	r"""(?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s()'"]+)))\s*"""
)

Row = Any
Wanted = Callable[[Row], bool]
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
	"<": lambda left, right: left < right,
	"<=": lambda left, right: left <= right,
	">": lambda left, right: left > right,
	">=": lambda left, right: left >= right,
}


def wanted(query: str | None, fields: dict[str, Callable[[Row], Any]]) -> Wanted:
	"""A function that says whether a row matches.

	:param fields: what can be asked for; each function gives a text, number, moment, list of texts or None.
	:raises ApiError: when the query cannot be read.
	"""
	groups: list[list[Wanted]] = [[]]
	position = 0
	query = (query or "").strip()
	while position < len(query):
		match = TERM.match(query, position)
		if not match:
			raise invalid(f"The simulator cannot read the search query from here on: {query[position:]}")
		position = match.end()
		if match["word"] == "OR":
			groups.append([])
		elif match["field"]:
			groups[-1].append(_term(match, fields))
	return lambda row: any(all(term(row) for term in group) for group in groups)


def _term(match: re.Match, fields: dict[str, Callable[[Row], Any]]) -> Wanted:
	if match["field"] not in fields:
		raise invalid(f"The simulator cannot search for {match['field']!r}: {', '.join(sorted(fields))}.")
	read = fields[match["field"]]
	quoted = match["single"] if match["single"] is not None else match["double"]
	value = match["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
	sign = match["sign"]
	return lambda row: _matches(read(row), sign, value)


def _matches(content: Any, sign: str | None, value: str) -> bool:
	if content is None:
		return False
	if isinstance(content, list):
		return any(_matches(entry, sign, value) for entry in content)
	try:
		other = clock.parse(value) if isinstance(content, datetime) else type(content)(value)
	except ValueError:
		raise invalid(f"Invalid value in the search query: {value}") from None
	if sign:
		return SIGNS[sign](content, other)
	if isinstance(content, str):
		content, other = content.lower(), value.lower()
		return content.startswith(other[:-1]) if other.endswith("*") else content == other
	return content == other


ORDERS: dict[str, Callable[[Row], Any]] = {
	"id": lambda order: order.number,
	"name": lambda order: order.name,
	"source_identifier": lambda order: order.content.get("sourceIdentifier"),
	"email": lambda order: order.content.get("email"),
	"po_number": lambda order: order.content.get("poNumber"),
	"tag": lambda order: order.content.get("tags") or [],
	"created_at": lambda order: order.created_at,
	"updated_at": lambda order: order.updated_at,
	"fulfillment_status": lambda order: _fulfillment_status(order),
	"status": lambda order: ["any", "cancelled" if order.cancelled_at else "open"],
}
VARIANTS: dict[str, Callable[[Row], Any]] = {
	"id": lambda variant: variant.number,
	"sku": lambda variant: variant.sku,
	"title": lambda variant: variant.title,
	"product_id": lambda variant: variant.product.number,
	"product_status": lambda variant: variant.product.status,
	"inventory_quantity": lambda variant: variant.inventory_quantity,
	"updated_at": lambda variant: variant.updated_at,
}
PRODUCTS: dict[str, Callable[[Row], Any]] = {
	"id": lambda product: product.number,
	"title": lambda product: product.title,
	"status": lambda product: product.status,
	"sku": lambda product: [variant.sku for variant in product.variants if variant.sku],
	"updated_at": lambda product: product.updated_at,
}


def _fulfillment_status(order: Row) -> str:
	return {"PARTIALLY_FULFILLED": "partial"}.get(
		order.display_fulfillment_status, order.display_fulfillment_status
	)
