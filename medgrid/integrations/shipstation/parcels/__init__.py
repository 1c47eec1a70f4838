"""Parcels: which label of an order goes to which of its Delivery Notes, and what the notes say then.

Data flow: `shipments` stores a vendor's labels on ShipStation Orders; `assignment` decides which note each
belongs to; `delivery_notes` writes that.
"""
