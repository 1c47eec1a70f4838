"""Text from other systems, on its way past Frappe's own checks into Data fields."""

import re

MAX_LENGTH = 140
_TAG = re.compile(r"<[^>]*>")


def sanitize_text(text: str | None) -> str:
	"""What a Data field can hold and Desk can show: its lists do not escape such values, and writing many
	records at once leaves out the cleaning that saving a document does.

	:returns: without HTML tags, and no longer than the column.
	"""
	if not text:
		return ""
	if "<" in text:
		text = _TAG.sub("", text).replace("<", "&lt;")
	return text[:MAX_LENGTH]
