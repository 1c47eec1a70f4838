"""Shopify's Admin API, OAuth and webhooks, played on loopback.

	python -m sandbox.simulators.shopify --port 9101
	python -m sandbox.simulators.shopify --print http://127.0.0.1:9101

A shop's base URL is `http://127.0.0.1:9101/<name>.myshopify.com`; what follows it is as at the real shop.
`server.start(port)` runs the simulator in a thread. `remote.ShopifyControl(url)` adds apps, shops, products
and faults, ships and cancels orders, and reads what arrived, over the paths below `/_control/`. State is in
memory and ends with the process.

GraphQL is executed on `admin_2026-04.graphql`, which `tools/extract_shopify_schema.py` cut out of Shopify's
own schema: whatever that schema does not allow is refused. All API versions are answered from this one
schema. Where the simulator is stricter or simpler than Shopify, the module that decides it says so.
"""
