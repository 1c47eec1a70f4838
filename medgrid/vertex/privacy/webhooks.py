"""The three webhooks that Shopify requires of every public app. See docs/api.md, `app_uninstall`.

Of booked documents, amounts, numbers and IDs are kept, as tax law requires; addresses and customer codes are
deleted.
"""

from datetime import timedelta

from frappe import _

from medgrid.core.clock import utc_now
from medgrid.issues.records import ADMINISTRATOR, Subject
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.contract.privacy_requests import AboutCustomer, AboutShop
from medgrid.vertex.event_log import record_issue
from medgrid.vertex.merchants import records, uninstall
from medgrid.vertex.privacy import redaction
from medgrid.webhooks.source import Delivery, HandlerResult, WebhookOutcome

DATA_REQUEST, CUSTOMER_REDACT, SHOP_REDACT = "customers/data_request", "customers/redact", "shop/redact"
# A merchant has to answer within this time.
ANSWER_DAYS = 30


def request_data(delivery: Delivery) -> HandlerResult:
	"""Opens an issue for the administrator, who answers the merchant within 30 days."""
	content = AboutCustomer.model_validate(delivery.content)
	merchant = records.find(content.shop_domain)
	if not merchant:
		return HandlerResult(WebhookOutcome.IGNORED, error="the shop is not known", shop=content.shop_domain)
	until = (utc_now() + timedelta(days=ANSWER_DAYS)).date().isoformat()
	orders = ", ".join(map(str, content.orders_requested[:50]))
	customer = str(content.customer.id) if content.customer and content.customer.id else "?"
	record_issue(
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
	return HandlerResult(WebhookOutcome.UPDATED, shop=content.shop_domain)


def redact_customer(delivery: Delivery) -> HandlerResult:
	"""Has a customer's addresses and codes blanked in the shop's Tax Documents."""
	content = AboutCustomer.model_validate(delivery.content)
	merchant = records.find(content.shop_domain)
	if not merchant:
		return HandlerResult(WebhookOutcome.IGNORED, error="the shop is not known", shop=content.shop_domain)
	names = redaction.of_orders(merchant.name, [str(number) for number in content.orders_to_redact])
	if not names and content.customer:
		names = redaction.of_customer(merchant.name, content.customer.codes())
	redaction.request(names)
	return HandlerResult(
		WebhookOutcome.UPDATED if names else WebhookOutcome.UNCHANGED, shop=content.shop_domain
	)


def redact_shop(delivery: Delivery) -> HandlerResult:
	"""Has all customers of a shop blanked, and leaves of the merchant its name, status and dates."""
	content = AboutShop.model_validate(delivery.content)
	merchant = records.find(content.shop_domain)
	if not merchant:
		return HandlerResult(WebhookOutcome.IGNORED, error="the shop is not known", shop=content.shop_domain)
	if not merchant.is_uninstalled:
		# Shopify sends this 48 hours after the app was uninstalled. The same body may come again later.
		uninstall.queue_check(content.shop_domain)
		return HandlerResult(WebhookOutcome.IGNORED, error="the app is installed", shop=content.shop_domain)
	redaction.request_all(merchant.name)
	return HandlerResult(WebhookOutcome.UPDATED, shop=content.shop_domain)
