"""Installing an app: the authorization page, the callback, codes and refresh tokens for access tokens."""
