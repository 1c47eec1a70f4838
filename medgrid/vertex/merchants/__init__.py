"""Vertex Merchant: from the installation of the connector's app to its removal."""
