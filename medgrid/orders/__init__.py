"""Sales Orders as all features read them, and the fields that MedGrid adds to them.

`reader` reads a document into `sales_order.SalesOrder` (`lines`, `address`), with `shippers`. The features
base their decisions on that value and raise `problems`; `sentences` describes a problem to people.
"""
