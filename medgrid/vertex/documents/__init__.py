"""Sales tax on ERPNext's own documents. See docs/sales-tax.md."""
