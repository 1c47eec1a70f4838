"""How MedGrid calls other systems: base URLs, retries, and what can go wrong."""
