"""Escapes a text for SQL's LIKE, so that a search finds it literally. Pure."""


def containing(text: str) -> str:
	"""The pattern of what contains a text, in which no character of it has a special meaning."""
	literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
	return f"%{literal}%"
