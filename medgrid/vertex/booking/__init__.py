"""Books invoices at Vertex exactly once, through the outbox. Design (Vertex): section 5."""
