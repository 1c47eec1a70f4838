"""The inventory sync: the store's quantities on Items and in Bins."""
