"""Warehouses, what is in them, and what it costs: the catalog's domain. Reads ERPNext's own tables."""
