"""Sendblue's API (https://api.sendblue.co), played on loopback: one endpoint to send, one webhook to reply.

	python -m sandbox.simulators.sendblue --port 9120
	python -m sandbox.simulators.sendblue --print http://127.0.0.1:9120

`server.start(port)` runs it in a thread. `remote.SendblueControl(url)` adds accounts, orders faults, reads
what was sent, and replies as the owner of a phone would, over the paths below `/_control/`. Everything else
is the public API. State is in memory and ends with the process.

Modules: `accounts` (keys, numbers, rate limit), `messages` (a request with its keys), `sending` (what makes a
message acceptable), `replies` (the webhook of a reply), `faults`, `journal`, `errors`; `simulator` is the way
of a request through them; `control`, `remote`, `server` and `printing` as in every simulator.

Stricter than Sendblue: numbers must be in E.164, and a `from_number` must be one of the account's.
"""
