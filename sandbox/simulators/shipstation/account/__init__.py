"""What one account holds: orders, shipments, a rate limit window; and how lists of them are asked for."""
