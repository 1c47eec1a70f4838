"""Connecting the store: OAuth, and what an uninstallation ends."""
