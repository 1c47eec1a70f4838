"""Parcels: which label of an order goes to which of its Delivery Notes, and what the notes say then.

Data flow: `tracking` pulls a vendor's labels, and `notices` pulls those that a webhook announces; `shipments`
stores them on ShipStation Orders; `assignment` decides which note each belongs to, and `note_changes` what
that changes on each; `delivery_notes` writes that, `catching_up` what could not be written at once.
"""
