"""Shopify's GraphQL Admin API, for vendors' own shops and for the Exoceuticals store.

`queries/` contains the GraphQL documents; a test checks them against Shopify's schema of 2026-04. `domains`
reads shop domains, `signatures` checks Shopify's signatures.
"""
