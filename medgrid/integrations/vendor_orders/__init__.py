"""A vendor's own orders, as the vendor sees them: the list, its file, and retrying.

Everything reads the ShipStation Order records of the caller's Supplier, and nothing else.
"""
