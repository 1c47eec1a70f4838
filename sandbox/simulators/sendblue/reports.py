"""What Sendblue says of a message, sent or received."""

from datetime import datetime, timezone
from typing import Any


def report(*, is_outbound: bool, status: str, handle: str, content: str, **rest: Any) -> dict[str, Any]:
	"""
	:param rest: the numbers, and what only one direction has.
	"""
	now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
	return {
		"accountEmail": "sandbox@medgrid.example",
		"content": content,
		"is_outbound": is_outbound,
		"status": status,
		"error_code": None,
		"error_message": None,
		"message_handle": handle,
		"date_sent": now,
		"date_updated": now,
		"was_downgraded": None,
		"plan": "dedicated",
		"media_url": "",
		"message_type": "message",
		**rest,
	}
