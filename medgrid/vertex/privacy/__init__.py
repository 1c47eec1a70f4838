"""The webhooks that Shopify requires of every public app: they show or delete the data of a buyer or shop."""
