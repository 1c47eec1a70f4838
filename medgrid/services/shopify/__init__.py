"""Shops at Shopify: their domains, the apps in them, the tokens of these."""
