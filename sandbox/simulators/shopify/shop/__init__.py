"""One shop and what is in it: catalog, stock, orders, tokens, subscriptions. No HTTP."""
