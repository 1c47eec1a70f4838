"""Sendblue: text messages (SMS, iMessage) to vendors who have verified their phone.

An administrator enters Sendblue's API keys and a webhook secret in Medgrid Settings, and in Sendblue's
dashboard the "receive" webhook `…/api/method/medgrid.integrations.sendblue_webhook` with the same secret.

`verification` (with `codes` and `phone_numbers`) connects a phone; `inbound` processes STOP, START and HELP;
`alerts` is the job that texts a vendor about an issue; `recipients` stores the phones; `messages` has the
texts.
"""
