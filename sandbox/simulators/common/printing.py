"""Parts of the line that says for people what was received."""

LONGEST = 160


def outcome(entry: dict) -> str:
	"""The status of an entry of the journal, and its fault if it met one."""
	status = str(entry["status"] or "no answer")
	return f"{status} ({entry['fault']})" if entry["fault"] else status


def shortened(text: str, longest: int = LONGEST) -> str:
	return text if len(text) <= longest else text[: longest - 1] + "…"
