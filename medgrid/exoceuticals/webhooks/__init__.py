"""The store's webhooks: secrets, registration, handlers."""
