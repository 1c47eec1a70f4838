"""One record for each Sales Order and vendor, from the moment the order is due.

`register` makes the records of one order, `missed` those of orders whose job was lost.
"""
