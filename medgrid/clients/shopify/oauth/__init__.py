"""Installs an app in a shop, from the authorization URL to the tokens, and refreshes the tokens."""
