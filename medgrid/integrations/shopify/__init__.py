"""Vendors' own Shopify stores: connects them, pulls their products, and receives their uninstall webhook."""
