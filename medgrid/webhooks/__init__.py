"""Receives signed webhooks from all senders, and records them so that each is processed once.

A feature describes its sender as a `source.Source`; its RPC passes body and headers to `receiver.receive`,
which verifies, processes and records (`events`, the DocType Integration Event) in one transaction. `shopify`
has what Shopify's sources share, `rotation` keeps a replaced secret valid for some hours, and `statements`
has the SQL that every webhook runs.
"""
