"""RPC: the administrators' link to the Exoceuticals store at Shopify.

Contract: "Shopify (Exoceuticals) Integration". What every function does is in the module of that name.
"""
