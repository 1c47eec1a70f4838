"""An app's webhooks in a shop: subscribing, and what arrives."""
