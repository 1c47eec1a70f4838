"""Sales Orders, and what the vendors' and the store's records say of them."""

from sandbox.growth.expressions import MARK, Expressions, Tables, text


def tables(sql: Expressions) -> Tables:
	return {
		"Sales Order": (
			sql.orders,
			{
				"docstatus": "1",
				"status": f"IF({sql.is_open}, 'To Deliver and Bill', 'Completed')",
				"per_delivered": f"IF({sql.is_open}, 0, 100)",
				"company": text(sql.scene.company),
				"customer": f"CONCAT('{MARK} customer ', seq % 1000)",
				"customer_address": f"CONCAT('{MARK} address ', seq % 1000)",
				"shipping_address_name": f"CONCAT('{MARK} address ', seq % 1000)",
				"transaction_date": f"DATE({sql.age})",
				"delivery_date": f"DATE({sql.age})",
				"shipstation_order_id": f"IF({sql.is_open}, NULL, CONCAT('9', seq))",
				"exoceuticals_order_id": "IF(seq % 3 = 0, CONCAT('gid://shopify/Order/', seq), NULL)",
				"exoceuticals_status": "IF(seq % 3 = 0, 'fulfilled', NULL)",
				"exoceuticals_tracking_number": "IF(seq % 3 = 0, CONCAT('1Z', seq), NULL)",
				"exoceuticals_sync_date": f"IF(seq % 3 = 0, {sql.age}, NULL)",
				"exoceuticals_checked_at": f"IF(seq % 3 = 0, {sql.age}, NULL)",
				"exoceuticals_updated_at": f"IF(seq % 3 = 0, {sql.age}, NULL)",
			},
		),
		"Sales Order Item": (
			2 * sql.orders,
			{
				"parent": sql.order,
				"parenttype": "'Sales Order'",
				"parentfield": "'items'",
				"docstatus": "1",
				"item_code": text(sql.scene.item),
				"item_name": "CONCAT('Item ', seq % 500)",
				"qty": "1",
				"stock_qty": "1",
				"conversion_factor": "1",
				"delivered_qty": f"IF(seq % {sql.orders} % 50 = 0, 0, 1)",
			},
		),
		"Delivery Note": (
			sql.orders,
			{"docstatus": "1", "company": text(sql.scene.company), "status": "'Completed'"},
		),
		"Delivery Note Item": (
			sql.orders,
			{
				"parent": sql.name,
				"parenttype": "'Delivery Note'",
				"parentfield": "'items'",
				"docstatus": "1",
				"against_sales_order": sql.name,
				"item_code": text(sql.scene.item),
			},
		),
		"ShipStation Order": (
			sql.orders,
			{
				"sales_order": sql.name,
				"supplier": sql.vendor,
				"status": sql.state,
				"who_acts": "ELT(1 + seq % 4, 'Vendor', 'Wholesaler', 'Nobody', 'Administrator')",
				"since": sql.age,
				"pushed_at": f"IF({sql.is_open}, NULL, {sql.age})",
				"shipped_at": f"IF({sql.is_open}, NULL, {sql.age})",
				"tracking_number": f"IF({sql.is_open}, NULL, CONCAT('1Z', seq))",
				"delivery_note": f"IF({sql.is_open}, NULL, {sql.name})",
				"carrier_code": "'ups'",
				"shipstation_order_id": f"IF({sql.is_open}, NULL, CONCAT('9', seq))",
				"connection": f"IF({sql.is_his}, {text(sql.scene.connection)}, {sql.other_connection})",
				"account": text(sql.scene.account),
				"lines": sql.lines,
			},
		),
		"ShipStation Shipment": (
			sql.orders,
			{
				"parent": sql.name,
				"parenttype": "'ShipStation Order'",
				"parentfield": "'shipments'",
				"tracking_number": "CONCAT('1Z', seq)",
				"carrier_code": "'ups'",
			},
		),
		"Exoceuticals Order": (
			sql.orders // 3,
			{
				"sales_order": f"CONCAT('{MARK}-', seq * 3)",
				"status": "IF(seq % 500 = 0, 'Failed', IF(seq % 700 = 0, 'Outcome Unknown', 'Shipped'))",
				"order_id": "CONCAT('gid://shopify/Order/', seq * 3)",
				"claimed_at": sql.age,
			},
		),
	}
