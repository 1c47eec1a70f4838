"""Syncs with other systems: at most one of a kind runs at a time, each is on record, a long one goes on as a
job.

`runs` keeps the DocType Sync Run; `engine` carries a `Sync` out, whichever it is; the features define them.
"""
