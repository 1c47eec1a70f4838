"""What vendors do with their accounts besides connecting and syncing them."""
