"""What Sendblue's "receive" webhook says of a reply."""

import uuid
from typing import Any

from sandbox.simulators.sendblue.reports import report


def payload(number: str, content: str, sendblue_number: str, handle: str | None = None) -> dict[str, Any]:
	"""
	:param number: whose phone the reply comes from, in E.164.
	:param sendblue_number: which it goes to.
	:param handle: of a reply that is delivered once more; None: it is a new one.
	"""
	return report(
		is_outbound=False,
		status="RECEIVED",
		handle=handle or str(uuid.uuid4()).upper(),
		content=content,
		from_number=number,
		number=number,
		to_number=sendblue_number,
		group_id="",
		participants=[number, sendblue_number],
		send_style="",
		opted_out=False,
		sendblue_number=sendblue_number,
		service="iMessage",
	)
