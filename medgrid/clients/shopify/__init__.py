"""Shopify: one GraphQL Admin API, used by vendors' own shops and by the Exoceuticals store.

The documents in `queries/` (each valid in Shopify's 2026-04 schema, which a test checks), the shops'
names (`domains`), and Shopify's signatures (`signatures`).
"""
