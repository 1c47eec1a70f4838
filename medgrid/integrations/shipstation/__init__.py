"""ShipStation for vendors: their order lines go there, tracking numbers come back. Contract: "Integration
Flow".

`sync` is what the hub calls. Orders out: `eligibility` → `preparation` → `push` over `claims` (claim, call,
record). Tracking back: `tracking` → `shipments` → `delivery_notes`.
"""
