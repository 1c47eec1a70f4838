"""Invoices and the tax documents of Vertex."""

from sandbox.growth.expressions import MARK, Expressions, Tables, text


def tables(sql: Expressions) -> Tables:
	return {
		"Vertex Tax Document": (
			sql.orders,
			{
				"kind": "IF(seq % 20 = 0, 'Credit', 'Invoice')",
				"status": "IF(seq % 500 = 0, 'Failed', IF(seq % 333 = 0, 'Pending', 'Committed'))",
				"transaction_id": sql.name,
				"merchant": f"CONCAT('{MARK} merchant ', seq % 100)",
				"reference_doctype": "'Sales Invoice'",
				"reference_name": sql.name,
				"document_number": sql.name,
				"document_date": f"DATE({sql.age})",
				"committed_at": sql.age,
				"mismatch": "seq % 5000 = 0",
			},
		),
		"Sales Invoice": (
			sql.orders,
			{
				"docstatus": "1",
				"company": text(sql.scene.company),
				"posting_date": f"DATE({sql.age})",
				"vertex_status": "'Committed'",
				"status": "'Paid'",
			},
		),
		"Vertex Data Volume": (
			sql.orders,
			{"date_created": sql.age, "keyword": "ELT(1 + seq % 2, 'quotation', 'invoice')"},
		),
	}
