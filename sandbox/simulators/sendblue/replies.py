"""What Sendblue's "receive" webhook says of a reply."""

import uuid
from datetime import datetime, timezone
from typing import Any


def payload(number: str, content: str, sendblue_number: str, handle: str | None = None) -> dict[str, Any]:
	"""
	:param number: whose phone the reply comes from, in E.164.
	:param sendblue_number: which it goes to.
	:param handle: of a reply that is delivered once more; None: it is a new one.
	"""
	now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
	return {
		"accountEmail": "sandbox@medgrid.example",
		"content": content,
		"is_outbound": False,
		"status": "RECEIVED",
		"error_code": None,
		"error_message": None,
		"message_handle": handle or str(uuid.uuid4()).upper(),
		"date_sent": now,
		"date_updated": now,
		"from_number": number,
		"number": number,
		"to_number": sendblue_number,
		"was_downgraded": None,
		"plan": "dedicated",
		"media_url": "",
		"message_type": "message",
		"group_id": "",
		"participants": [number, sendblue_number],
		"send_style": "",
		"opted_out": False,
		"sendblue_number": sendblue_number,
		"service": "iMessage",
	}
