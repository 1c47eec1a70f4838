"""Connecting the store by OAuth, and disconnecting it after an uninstallation."""
