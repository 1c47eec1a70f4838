"""What all features read of a Sales Order, and the fields that MedGrid keeps on it.

`reader` reads the documents into `sales_order.SalesOrder` (`lines`, `address`), with `shippers`; the features
decide over that and raise `problems`, which `sentences` puts into words.
"""
