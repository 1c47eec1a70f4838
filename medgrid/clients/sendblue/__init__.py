"""Sendblue's API: sending a text message (SMS, iMessage)."""
