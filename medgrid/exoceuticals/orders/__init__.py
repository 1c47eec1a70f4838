"""Sending a Sales Order to the store, exactly once."""
