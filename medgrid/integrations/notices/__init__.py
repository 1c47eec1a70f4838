"""Mails to vendors about what concerns them."""
