"""Sendblue's API (https://api.sendblue.co): one endpoint to send, one webhook to reply.

Modules: `accounts` (keys, numbers, rate limit), `sending` (what makes a message acceptable), `replies` (the
webhook of a reply), `reports` (what both say of a message); the others as in every simulator.

Stricter than Sendblue: numbers must be in E.164, and a `from_number` must be one of the account's.
"""
