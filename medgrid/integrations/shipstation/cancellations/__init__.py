"""Orders that were cancelled after they were sent."""
