"""The products of the vendors' shops, and the store's variants without an Item."""

from sandbox.growth.expressions import MARK, Expressions, Tables, ago, text


def tables(sql: Expressions) -> Tables:
	return {
		"Vendor Product": (
			sql.orders,
			{
				"supplier": sql.vendor,
				"connection": f"IF({sql.is_his}, {text(sql.scene.shopify)}, {sql.other_connection})",
				"product_title": "CONCAT('Product ', seq % 5000)",
				"variant_title": "'Default Title'",
				"sku": "CONCAT('SKU-', seq)",
				"status": "IF(seq % 30 = 0, 'Gone', 'Active')",
				"item": f"IF(seq % 2, {text(sql.scene.item)}, NULL)",
				"variant_id": sql.name,
				"variant_number": "seq",
				"shop": text(sql.scene.shop),
				"last_seen": ago("seq"),
			},
		),
		"Exoceuticals Unmatched Variant": (
			sql.orders,
			{
				"sku": "CONCAT('SKU-', seq % 50000)",
				"status": "IF(seq % 50 = 0, 'Open', 'Closed')",
				"reason": "'No such Item'",
				"variant_id": f"CONCAT('gid://shopify/ProductVariant/{MARK}', seq)",
				"variant_number": "seq",
				"last_seen": sql.age,
			},
		),
	}
