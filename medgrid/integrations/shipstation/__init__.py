"""ShipStation for vendors: MedGrid pushes their order lines and pulls tracking numbers. Contract:
"Integration Flow".

The hub calls `sync`. Pushing: `push` sends the orders that `eligibility` finds due through the outbox to
`destination`; `preparation` builds the payload, and `order_records` reads the records. Pulling: see
`parcels`.
"""
