"""Sendblue: text messages (SMS, iMessage) to vendors who have verified their phone.

An administrator enters Sendblue's API keys and a webhook secret in Medgrid Settings, and in Sendblue's
dashboard the "receive" webhook `…/api/method/medgrid.integrations.sendblue_webhook` with the same secret.

Modules: `api` (the RPCs) → `verification` (over `codes`, `phones`) and `inbound` (STOP, START, HELP);
`alerts` is the job behind `medgrid.integrations.incidents`; `recipients` keeps the phones; `messages` is
what is said; `settings` and `client` (over `answers`) send it.
"""
