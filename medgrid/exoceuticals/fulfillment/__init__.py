"""Updates sent Sales Orders with the status and tracking that Shopify reports."""
