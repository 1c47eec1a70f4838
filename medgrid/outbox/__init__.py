"""Sends documents to other systems: claim, call, record. docs/adr explains why.

`states` defines the states and their transitions; `destinations` is the interface that a destination
implements; `delivery` sends one document, by the steps of `attempts`; `due_documents` says which documents
are due; `operations` sends a document again that the other system has, or cancels it there; `cancellations`
records which were cancelled in MedGrid; `records` reads and writes the rows; `schedule` says when a document
that failed is tried again.
"""
