"""Installing an app in a shop: from the authorization URL to tokens, and keeping the tokens fresh."""
