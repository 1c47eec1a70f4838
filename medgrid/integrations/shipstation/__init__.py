"""ShipStation for vendors: their order lines go there, tracking numbers come back. Contract: "Integration
Flow".

`sync` is what the hub calls. Orders out: `push` takes what `eligibility` finds due through the outbox to
`destination`, which sends what `preparation` makes of it; `order_records` reads what is known of it. Tracking
back: `tracking` → `shipments` → `delivery_notes`.
"""
