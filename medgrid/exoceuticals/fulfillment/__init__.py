"""What becomes of a sent order: status, tracking, webhooks and polling applied to the Sales Order."""
