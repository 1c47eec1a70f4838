"""What the simulated Shopify can do beyond our own documents: fields, arguments and inputs that it knows.

Whatever is not listed here and not used by a document is not in the simulator's schema, and a query that asks
for it is refused: better than an answer that is made up.
"""

PAGE = "first after last before reverse"
CONNECTION = {"edges": "", "nodes": "", "pageInfo": ""}
EDGE = {"cursor": "", "node": ""}


def plain(names: str) -> dict[str, str]:
	"""Fields without arguments."""
	return dict.fromkeys(names.split(), "")


# Type -> field -> the arguments that the simulator heeds.
FIELDS: dict[str, dict[str, str]] = {
	"QueryRoot": {
		**plain("shop currentAppInstallation"),
		**dict.fromkeys(["node", "order", "product", "productVariant", "inventoryItem", "location"], "id"),
		"webhookSubscription": "id",
		"nodes": "ids",
		"orders": f"{PAGE} query",
		"products": f"{PAGE} query",
		"productVariants": f"{PAGE} query",
		"locations": PAGE,
		"webhookSubscriptions": f"{PAGE} topics uri",
	},
	"Mutation": {
		"orderCreate": "order options",
		"webhookSubscriptionCreate": "topic webhookSubscription",
		"webhookSubscriptionDelete": "id",
	},
	"Shop": plain("id name email myshopifyDomain currencyCode ianaTimezone"),
	"AppInstallation": plain("id accessScopes"),
	"AccessScope": plain("handle description"),
	"Product": {
		**plain("id legacyResourceId title handle status createdAt updatedAt totalInventory"),
		"variants": PAGE,
	},
	"ProductVariant": plain(
		"id legacyResourceId title displayName sku price inventoryQuantity inventoryPolicy inventoryItem"
		" product createdAt updatedAt"
	),
	"InventoryItem": {
		**plain("id legacyResourceId sku tracked requiresShipping createdAt updatedAt"),
		"inventoryLevel": "locationId",
		"inventoryLevels": PAGE,
	},
	"InventoryLevel": {**plain("id item location isActive updatedAt"), "quantities": "names"},
	"InventoryQuantity": plain("id name quantity updatedAt"),
	"Location": plain("id legacyResourceId name isActive"),
	"Order": {
		**plain("id legacyResourceId name number createdAt updatedAt processedAt cancelledAt cancelReason"),
		**plain("email phone note tags poNumber sourceIdentifier sourceName test currencyCode"),
		**plain("displayFinancialStatus displayFulfillmentStatus customAttributes"),
		**plain("shippingAddress billingAddress subtotalPriceSet totalPriceSet"),
		"lineItems": PAGE,
		"fulfillments": "first",
	},
	"LineItem": plain(
		"id title name variantTitle sku quantity currentQuantity unfulfilledQuantity requiresShipping variant"
		" customAttributes originalUnitPriceSet"
	),
	"Fulfillment": {
		**plain("id legacyResourceId name status totalQuantity createdAt updatedAt order"),
		"trackingInfo": "first",
	},
	"FulfillmentTrackingInfo": plain("number company url"),
	"MailingAddress": plain(
		"id firstName lastName name company address1 address2 city province provinceCode zip country"
		" countryCodeV2 phone"
	),
	"Attribute": plain("key value"),
	"MoneyBag": plain("shopMoney presentmentMoney"),
	"MoneyV2": plain("amount currencyCode"),
	"PageInfo": plain("hasNextPage hasPreviousPage startCursor endCursor"),
	"WebhookSubscription": plain("id legacyResourceId topic uri format name createdAt updatedAt"),
	"OrderCreatePayload": plain("order userErrors"),
	"OrderCreateUserError": plain("code field message"),
	"WebhookSubscriptionCreatePayload": plain("webhookSubscription userErrors"),
	"WebhookSubscriptionDeletePayload": plain("deletedWebhookSubscriptionId userErrors"),
	"UserError": plain("field message"),
	"Node": plain("id"),
	**{
		f"{name}{part}": fields
		for name in [
			"Order",
			"Product",
			"ProductVariant",
			"LineItem",
			"InventoryLevel",
			"Location",
			"WebhookSubscription",
		]
		for part, fields in (("Connection", CONNECTION), ("Edge", EDGE))
	},
}

# Inputs that are kept in part; all others that are reached are kept whole.
INPUT_FIELDS: dict[str, str] = {
	"OrderCreateOrderInput": (
		"billingAddress currency customAttributes email financialStatus lineItems name note phone poNumber"
		" presentmentCurrency processedAt shippingAddress shippingLines sourceIdentifier sourceName sourceUrl"
		" tags taxLines taxesIncluded test"
	),
	"OrderCreateLineItemInput": (
		"priceSet productId properties quantity requiresShipping sku taxable title variantId variantTitle"
		" vendor"
	),
	"OrderCreateShippingLineInput": "code priceSet source title",
	"WebhookSubscriptionInput": "format name uri",
}
