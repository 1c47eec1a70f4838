"""What was received, for people: one line per request.

18:03:04.123  key-a  POST /api/send-message  200  to +15551234567: 123456 is your MedGrid code
18:03:05.871  key-a  POST /api/send-message  no answer (drop_after)
"""

from typing import Any

from sandbox.simulators.common.printing import outcome, shortened


def line(entry: dict) -> str:
	"""A line for an entry of the journal, without its end of line."""
	request = f"{entry['method']} {entry['path']}"
	parts = [entry["time"][11:23], entry["key_id"] or "(no key)", request, outcome(entry)]
	return "  ".join([*parts, _body(entry["body"])]).rstrip()


def _body(body: Any) -> str:
	text = f"to {body.get('number')}: {body.get('content')}" if isinstance(body, dict) else str(body or "")
	return shortened(text.replace("\n", " "))
