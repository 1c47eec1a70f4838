"""Parcels: assigns the labels of an order to its Delivery Notes, and writes their tracking there.

Data flow: `tracking` pulls a vendor's labels, and `notices` pulls those that a webhook announces; `shipments`
stores them on ShipStation Orders; `assignment` assigns each to a note, and `note_changes` decides what
changes on each note; `delivery_notes` writes it, and `catching_up` writes later what failed or came too
early.
"""
