"""Mails and text messages to vendors: connections that fail, and orders that are not to be shipped."""
