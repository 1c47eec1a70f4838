"""Secrets at the API's border: those that a request brings, and those that nobody may read."""
