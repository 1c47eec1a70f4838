"""Who calls the second contract's API, and whose data the caller may see."""
