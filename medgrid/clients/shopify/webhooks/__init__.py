"""An app's webhooks in a shop: subscriptions, headers and bodies."""
