"""What happens day by day: events, issues, syncs, messages, errors."""

from sandbox.growth.expressions import MARK, RUNS_OF_ONE, Expressions, Tables, ago, text


def tables(sql: Expressions) -> Tables:
	return {
		"Integration Event": (
			sql.size.events,
			{
				"creation": ago(f"seq * {sql.seconds_between_events}", "NOW"),
				"modified": ago(f"seq * {sql.seconds_between_events}", "NOW"),
				"received_at": ago(f"seq * {sql.seconds_between_events}"),
				"source": "ELT(1 + seq % 4, 'exoceuticals', 'exoceuticals', 'sendblue', 'shopify')",
				"event_id": sql.name,
				"topic": "ELT(1 + seq % 2, 'orders/updated', 'orders/fulfilled')",
				"shop": text(sql.scene.shop),
				"outcome": "IF(seq % 1000 = 0, 'Failed', IF(seq % 3 = 0, 'Updated', 'Unchanged'))",
				"sales_order": sql.order,
			},
		),
		"Integration Issue": (
			sql.orders,
			{
				"integration": "ELT(1 + seq % 4, 'shipstation', 'shopify', 'exoceuticals', 'vertex')",
				"issue_type": "ELT(1 + seq % 3, 'shipstation/sync', 'shipstation/push', 'shopify/sync')",
				"who_acts": "ELT(1 + seq % 4, 'Vendor', 'Wholesaler', 'Nobody', 'Administrator')",
				"occurred_at": sql.age,
				"settled_at": sql.settled,
				"status": "417",
				"related_to": sql.name,
				"reference_doctype": "'ShipStation Order'",
				"reference_name": sql.name,
			},
		),
		"Vendor Connection": (
			sql.size.connections,
			{
				"name": f"CONCAT('{MARK}-c-', seq)",
				"supplier": f"CONCAT('{MARK} vendor ', seq)",
				"integration": sql.kinds,
				"account_name": "'default'",
				"status": "IF(seq % 20 = 0, 'error', 'connected')",
				"next_sync_at": "UTC_TIMESTAMP(6) + INTERVAL seq SECOND",
			},
		),
		"Sync Run": (
			min(sql.size.connections * RUNS_OF_ONE, sql.orders),
			{
				"kind": sql.kinds,
				"connection": sql.connection_of_run,
				"status": "IF(seq % 20 = 0, 'Failed', 'Succeeded')",
				"started": sql.age,
				"finished": sql.age,
				"duration": "3",
				"counts": "'{}'",
			},
		),
		"Contact Message": (
			min(5000, sql.orders),
			{"held": "seq % 2", "words": "'{}'", "failures": "seq % 24"},
		),
		"Text Message Opt Out": (min(10_000, sql.orders), {"digest": sql.name}),
		"Error Log": (
			sql.orders,
			{"method": f"CONCAT('MedGrid: something ({MARK}', seq, ')')", "error": "'Reference'"},
		),
	}
