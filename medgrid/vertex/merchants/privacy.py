"""The three webhooks that Shopify demands of every public app. Design (Vertex): section 2.7.

Figures, numbers and IDs of what Vertex has booked stay: tax law wants them. Addresses and customer codes go.
"""

import json
from datetime import timedelta
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import utc_now
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.contract.privacy_requests import AboutCustomer, AboutShop
from medgrid.vertex.merchants import records, uninstall
from medgrid.vertex.merchants.fields import DOCTYPE
from medgrid.webhooks.source import Delivery, Outcome, Result

DATA_REQUEST, CUSTOMER_REDACT, SHOP_REDACT = "customers/data_request", "customers/redact", "shop/redact"
TAX_DOCUMENT = "Vertex Tax Document"
# A merchant has to answer within this time.
ANSWER_DAYS = 30
CHUNK = 200
# Members of a request to Vertex that say who and where a buyer is.
PERSONAL = (
	"destination",
	"administrativeDestination",
	"customerCode",
	"exemptionCertificate",
	"taxRegistrations",
)


def request_data(delivery: Delivery) -> Result:
	"""Opens an issue for the administrator, who answers the merchant within 30 days."""
	content = AboutCustomer.model_validate(delivery.content)
	merchant = records.find(content.shop_domain)
	if not merchant:
		return Result(Outcome.IGNORED, error="the shop is not known", shop=content.shop_domain)
	until = (utc_now() + timedelta(days=ANSWER_DAYS)).date().isoformat()
	orders = ", ".join(map(str, content.orders_requested[:50]))
	customer = str(content.customer.id) if content.customer and content.customer.id else "?"
	open_issue(
		Subject(INTEGRATION, DATA_REQUEST, related_to=f"{content.shop_domain}/{customer}", version="v1"),
		title=_("A customer of a shop wants to see their data"),
		detail=_("The shop {0} asks on behalf of its customer {1}, orders: {2}.").format(
			content.shop_domain, customer, orders or "-"
		),
		who_acts=ADMINISTRATOR,
		what_to_do=_(
			"Send the merchant what the Vertex Tax Documents of these orders hold, until {0}."
		).format(until),
		status=400,
	)
	return Result(Outcome.UPDATED, shop=content.shop_domain)


def redact_customer(delivery: Delivery) -> Result:
	"""Blanks a customer's addresses and codes in the shop's Tax Documents."""
	content = AboutCustomer.model_validate(delivery.content)
	merchant = records.find(content.shop_domain)
	if not merchant:
		return Result(Outcome.IGNORED, error="the shop is not known", shop=content.shop_domain)
	names = _of_orders(merchant.name, [str(number) for number in content.orders_to_redact])
	if not names and content.customer:
		names = _of_customer(merchant.name, content.customer.codes())
	count = sum(map(_redact, names))
	return Result(Outcome.UPDATED if count else Outcome.UNCHANGED, shop=content.shop_domain)


def redact_shop(delivery: Delivery) -> Result:
	"""Blanks all customers of a shop, and leaves of the merchant its name, status and dates."""
	content = AboutShop.model_validate(delivery.content)
	merchant = records.find(content.shop_domain)
	if not merchant:
		return Result(Outcome.IGNORED, error="the shop is not known", shop=content.shop_domain)
	if not merchant.is_uninstalled:
		# Shopify sends this 48 hours after the app was uninstalled. The same body may come again later.
		uninstall.queue_check(content.shop_domain)
		return Result(Outcome.IGNORED, error="the app is installed", shop=content.shop_domain)
	for name in frappe.get_all(TAX_DOCUMENT, {"merchant": merchant.name}, pluck="name"):
		_redact(name)
	frappe.db.set_value(DOCTYPE, merchant.name, {"origin": None, "origin_address": None, "last_error": None})
	return Result(Outcome.UPDATED, shop=content.shop_domain)


def without_persons(request: str) -> str:
	"""A request to Vertex without the members that say who and where the buyer is.

	:param request: its JSON.
	:returns: the same.
	"""
	content = json.loads(
		request,
		object_pairs_hook=lambda pairs: {name: value for name, value in pairs if name not in PERSONAL},
	)
	return json.dumps(content, sort_keys=True)


def _of_orders(merchant: str, orders: list[str]) -> list[str]:
	if not orders:
		return []
	found: dict[str, None] = {}
	for start in range(0, len(orders), CHUNK):
		some = orders[start : start + CHUNK]
		for field in ("order_id", "document_number"):
			filters = {"merchant": merchant, field: ("in", some)}
			found.update(dict.fromkeys(frappe.get_all(TAX_DOCUMENT, filters, pluck="name")))
	return list(found)


def _of_customer(merchant: str, codes: set[str]) -> list[str]:
	if not codes:
		return []
	rows = frappe.get_all(TAX_DOCUMENT, {"merchant": merchant}, ["name", "request"])
	return [row.name for row in rows if _code_in(row.request) in codes]


def _code_in(request: str | None) -> str | None:
	content = _parsed(request)
	code = (content.get("customer") or {}).get("customerCode") if content else None
	return code.get("value") if isinstance(code, dict) else None


def _redact(name: str) -> bool:
	request = frappe.db.get_value(TAX_DOCUMENT, name, "request")
	content = _parsed(request)
	if not content:
		return False
	redacted = without_persons(request)
	if json.loads(redacted) == content:
		return False
	frappe.db.set_value(TAX_DOCUMENT, name, "request", redacted)
	return True


def _parsed(request: str | None) -> dict[str, Any]:
	try:
		content = json.loads(request or "{}")
	except ValueError:
		return {}
	return content if isinstance(content, dict) else {}
