"""Mails and text messages to vendors about connections that fail and about orders that are not to be shipped."""
