"""The catalog sync: it links the store's variants to Items."""
