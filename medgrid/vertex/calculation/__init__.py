"""Calculates the taxes of a sale that a shop asks about. See docs/api.md, `shopify_tax_calculate`."""
