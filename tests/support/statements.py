"""What a statement of SQL does to rows, found in its text. Pure."""

import re

# Texts and names in quotes are passed over whole, so that a word in them counts for nothing.
_TOKENS = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|`[^`]*`|[()]|\w+|[^\s\w]", re.S)
_ENDS = re.compile(
	r"^\s*(commit|rollback(?!\s+to\b)|begin|start\s+transaction|alter|create|drop|truncate)\b", re.I
)
_READS = re.compile(r"^\s*(select|with)\b", re.I)
_LOCKS = re.compile(r"\bfor\s+update\b|\block\s+in\s+share\s+mode\b", re.I)
_LOCKS_AT_THE_END = re.compile(r"\bfor\s+update\s*$", re.I)
_OF_A_TABLE = re.compile(r"\bfrom\s+[`\"]?(tab\w|__\w)", re.I)


def ends_transaction(statement: str) -> bool:
	"""Whether a statement ends a transaction, also as one that changes a table does."""
	return bool(_ENDS.match(statement))


def opens_snapshot(statement: str) -> bool:
	"""Whether a statement reads rows of a document's table without locking them: the first one of a
	transaction fixes what the transaction sees."""
	if not _READS.match(statement):
		return False
	if not _OF_A_TABLE.search(statement):
		return False
	return not _LOCKS.search(statement) or not _LOCKS.search(_without_texts(statement))


def may_lock_rows(text: str) -> bool:
	"""Whether `rows_locked_by` could find something in a statement.

	:param text: the statement; placeholders may stand for its values.
	"""
	kind = text.lstrip()[:6].lower()
	return kind in ("update", "delete") or (kind == "select" and bool(_LOCKS_AT_THE_END.search(text)))


def rows_locked_by(statement: str) -> str | None:
	"""The rows that a statement locks or writes, as a SELECT that locks them or fails at once.

	:returns: None for a statement that locks no rows that are there already, as an INSERT.
	"""
	kind = statement.lstrip()[:6].lower()
	if kind == "select":
		if not _LOCKS_AT_THE_END.search(statement):
			return None
		return f"{statement.rstrip()} NOWAIT"
	places = _places(statement)
	where = places.get("where")
	condition = statement[where:] if where is not None else ""
	if kind == "update" and "set" in places:
		table = re.sub(r"^\s*update\s+", "", statement[: places["set"]], flags=re.I)
	elif kind == "delete" and "from" in places:
		table = re.sub(r"^from\s+", "", statement[places["from"] : where], flags=re.I)
	else:
		return None
	return f"SELECT 1 FROM {table.strip()} {condition.strip()} FOR UPDATE NOWAIT"


def _places(statement: str) -> dict[str, int]:
	"""Where each word first stands outside of texts, names and parentheses, in lower case."""
	found: dict[str, int] = {}
	depth = 0
	for token in _TOKENS.finditer(statement):
		text = token.group()
		depth += {"(": 1, ")": -1}.get(text, 0)
		if not depth and text[0].isalpha():
			found.setdefault(text.lower(), token.start())
	return found


def _without_texts(statement: str) -> str:
	return _TOKENS.sub(lambda token: "''" if token.group()[0] == "'" else token.group(), statement)
