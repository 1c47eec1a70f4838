"""Sends documents to other systems: claim, call, record. docs/adr explains why.

`states` defines the states and their transitions; `records` writes them, with one transaction for each step;
`destinations` is the interface that a destination implements; `delivery` sends one document; `schedule` says
when a document that failed is tried again.
"""
