"""The inventory sync: it writes the store's quantities to Items and Bins."""
