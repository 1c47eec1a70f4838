"""The catalog sync: the store's variants linked to Items."""
