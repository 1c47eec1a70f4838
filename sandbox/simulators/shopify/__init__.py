"""Shopify's Admin API, OAuth and webhooks.

A shop's base URL is `http://127.0.0.1:9101/<name>.myshopify.com`; what follows it is as at the real shop.

GraphQL is executed on `admin_api/admin_2026-04.graphql`, which `tools/extract_shopify_schema.py` cut out of
Shopify's own schema: whatever that schema does not allow is refused. All API versions are answered from this
one schema. Where the simulator is stricter or simpler than Shopify, the module that decides it says so.
"""
