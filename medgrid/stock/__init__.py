"""The catalog's domain: warehouses, items in stock and their prices. It reads ERPNext's own tables."""
