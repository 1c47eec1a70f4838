"""The vendors' own Shopify shops: connecting one, pulling its products, its uninstall webhook."""
