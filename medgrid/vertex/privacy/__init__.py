"""What Shopify demands of every public app: the data of a buyer or of a shop, shown or deleted."""
