"""Signed bodies coming in: one receiver for all senders, and the record that makes each webhook count once.

A feature describes its sender as a `source.Source`; its RPC hands body and headers to `receiver.receive`,
which verifies, carries out and records (`events`, the DocType Integration Event) in one transaction.
`shopify` is what Shopify's sources have in common, `rotation` keeps a replaced secret good for a while, and
`statements` is the SQL that every webhook runs.
"""
