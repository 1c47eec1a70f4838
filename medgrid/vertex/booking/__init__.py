"""Books invoices at Vertex exactly once, through the outbox. See
docs/adr/0032-an-invoice-is-booked-once.md."""
